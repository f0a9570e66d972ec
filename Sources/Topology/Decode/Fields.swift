import Text

/// A map of the file by its keys: unknown ones reported, the others read by what the key's table says of them.
struct Fields<Key: KeyTable> {
  /// As messages name it: `queue 'lines'`.
  let owner: String
  /// Of the key whose value the map is: what lacks something is told there.
  let ownerPlace: Place
  let findings: Findings
  private let entries: [Key: Node.Entry]
  /// Keys that unknown ones were most likely meant as.
  private(set) var presumed: Set<Key> = []
  private(set) var unknown: [Node.Entry] = []

  /// What to write of a key that belongs to another map, and the key here under which that is.
  typealias Elsewhere = (Node.Entry) -> (help: String, under: Key?)?

  /// `nil` and reported: no map.
  init?(
    _ node: Node, owner: String, ownerPlace: Place, findings: Findings, elseExpected expected: String? = nil,
    elsewhere: Elsewhere = { _ in nil }
  ) {
    guard case .mapping(let entries) = node.content else {
      Self.report(node, owner, mustBe: expected ?? "a map", findings)
      return nil
    }
    self.init(entries, owner: owner, ownerPlace: ownerPlace, findings: findings, elsewhere: elsewhere)
  }

  init(
    _ entries: [Node.Entry], owner: String, ownerPlace: Place, findings: Findings,
    isFree: (String) -> Bool = { _ in false }, elsewhere: Elsewhere = { _ in nil }
  ) {
    self.owner = owner
    self.ownerPlace = ownerPlace
    self.findings = findings
    var known: [Key: Node.Entry] = [:]
    for entry in entries where !isFree(entry.key) {
      if let key = Key(rawValue: entry.key) {
        known[key] = entry
      } else {
        let unknown = UnknownKey<Key>(entry, owner: owner, elsewhere: elsewhere)
        unknown.report(findings)
        presumed.formUnion(unknown.presumed)
        self.unknown.append(entry)
        findings.presume(namesIn: entry)
      }
    }
    self.entries = known
  }

  /// Nothing given: all defaults.
  init(defaultsOf owner: String, at place: Place, findings: Findings) {
    self.init([], owner: owner, ownerPlace: place, findings: findings)
  }

  /// Instead of a map there may be its only key, with a sign missing.
  private static func report(_ node: Node, _ owner: String, mustBe expected: String, _ findings: Findings) {
    if let text = node.scalar?.text, let lack = MissingSign(in: text, isKey: { Key(rawValue: $0) != nil }),
      node.scalar?.isQuoted == false
    {
      findings.error(at: lack.place(from: node.place), lack.message, help: lack.help)
    } else {
      let key = node.scalar.flatMap { Key(rawValue: $0.text) }
      findings.wrong(
        node, owner, mustBe: expected, help: key.map { "write '{\($0.rawValue): …}'" } ?? Self.form(node))
    }
  }

  /// What to write instead of something that is no map.
  private static func form(_ node: Node) -> String? {
    if Key.self == ProcessKey.self {
      return node.isNull || node.scalar == nil
        ? "its keys stand below its name, indented deeper" : "write '{run: \(node.scalar?.text ?? "")}'"
    }
    return UnknownKey<Key>.list
  }

  // MARK: Entries

  subscript(key: Key) -> Node.Entry? { entries[key] }

  var keyPlaces: [Key: Place] { entries.mapValues(\.keyPlace) }

  /// Of the key, or, where it is missing, of the owner.
  func place(of key: Key) -> Place { entries[key]?.keyPlace ?? ownerPlace }

  func subject(_ key: Key) -> String { "'\(key.rawValue)' of \(owner)" }

  /// The value of a key; where it is required and missing, that is reported.
  func node(_ key: Key) -> Node? {
    if let entry = entries[key] { return entry.value }
    if key.entry.isRequired { reportMissing(key) }
    return nil
  }

  func reportMissing(_ key: Key, help: String? = nil) {
    guard !presumed.contains(key) else { return }
    findings.error(
      at: ownerPlace, "\(owner) lacks '\(key.rawValue)'", help: help ?? "write '\(key.rawValue): …'" + key.entry.hint)
  }

  // MARK: Typed values: as written, else the table's default

  func integer(_ key: Key) -> Int? {
    guard case .integer(let range) = key.entry.shape else { preconditionFailure("'\(key.rawValue)' is no integer") }
    return node(key).map { findings.integer($0, in: range, subject(key)) } ?? key.entry.defaultText.flatMap { Int($0) }
  }

  func boolean(_ key: Key) -> Bool {
    node(key).flatMap { findings.boolean($0, subject(key)) } ?? (key.entry.defaultText == "true")
  }

  func size(_ key: Key) -> Int? {
    guard case .size(let range) = key.entry.shape else { preconditionFailure("'\(key.rawValue)' is no size") }
    return node(key).map { findings.size($0, in: range, subject(key)) }
      ?? key.entry.defaultText.flatMap { try? ByteCount.parse($0) }
  }

  func duration(_ key: Key, zeroAllowed: Bool = true) -> Duration? {
    node(key).map { findings.duration($0, subject(key), zeroAllowed: zeroAllowed) }
      ?? key.entry.defaultText.flatMap { try? Duration.parse($0) }
  }

  func string(_ key: Key) -> String? { node(key).flatMap { findings.string($0, subject(key)) } }

  /// `nil` only where it is invalid, or neither given nor defaulted.
  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: Key, _ type: Word.Type, foreign: ForeignWords = ForeignWords()
  ) -> Word? {
    guard let node = node(key) else { return key.entry.defaultText.flatMap(Word.init(rawValue:)) }
    return findings.word(node, type, subject(key), foreign: foreign)
  }
}

/// A key of the file that its table does not have, and what it most likely was meant to be.
struct UnknownKey<Key: KeyTable> {
  /// The keys that it may have been meant as: that they are missing is no second mistake.
  private(set) var presumed: Set<Key> = []
  private var message: String
  private var help: String
  private var place: Place

  init(_ entry: Node.Entry, owner: String, elsewhere: Fields<Key>.Elsewhere) {
    message = "\(owner) has an unknown key, '\(entry.key)'"
    place = entry.keyPlace
    let names = Key.allCases.map(\.rawValue)
    if let lack = MissingSign(in: entry.key, isKey: { Key(rawValue: $0) != nil || Key.foreign[$0] != nil }),
      entry.value.isNull, let signPlace = lack.place(in: entry)
    {
      (message, help, place) = (lack.message, lack.help, signPlace)
      presume(Key(rawValue: lack.key) ?? Key.foreign[lack.key]?.word.flatMap(Key.init(rawValue:)))
    } else if let other = elsewhere(entry) {
      help = other.help
      presume(other.under)
    } else if let foreign = Key.foreign[entry.key] {
      help = foreign.help
      presume(foreign.word.flatMap(Key.init(rawValue:)))
    } else if let near = nearest(to: entry.key, among: names) {
      help = "did you mean '\(near)'?"
      presume(Key(rawValue: near))
    } else {
      help = Self.list
      presumed = Set(Key.allCases)
    }
  }

  static var list: String { "its keys are " + Wording.enumeration(Key.allCases.map(\.rawValue)) }

  private mutating func presume(_ key: Key?) { if let key { presumed.insert(key) } }

  func report(_ findings: Findings) { findings.error(at: place, message, help: help) }
}

/// `task:discard` or `task discard`, where a key with its value was meant.
struct MissingSign {
  /// What stands before the sign.
  var key: String
  private var rest: Substring
  private var isColonThere: Bool

  /// `nil`: the text is nothing of that kind.
  init?(in text: String, isKey: (String) -> Bool) {
    guard let end = text.firstIndex(where: { $0 == ":" || $0 == " " || $0 == "\t" }), end != text.startIndex else {
      return nil
    }
    key = String(text[..<end])
    guard isKey(key) else { return nil }
    isColonThere = text[end] == ":"
    rest = text[text.index(after: end)...].drop { $0 == " " || $0 == "\t" }
    if rest.isEmpty { return nil }
  }

  var message: String { isColonThere ? "a space is missing after '\(key):'" : "a ':' is missing after '\(key)'" }
  var help: String { "write '\(key): \(rest)'" }

  /// In a key that stands in the file as it is.
  func place(in entry: Node.Entry) -> Place? {
    let place = entry.keyPlace
    guard place.endColumn - place.column == entry.key.count else { return nil }
    return self.place(from: place)
  }

  /// Of the sign, of a text that begins there.
  func place(from start: Place) -> Place {
    var place = start
    place.column += key.count
    place.endColumn = place.column + 1
    return place
  }
}
