/// A map of the file by its keys: unknown ones reported, the others read by what the key's table says of them.
struct Fields<Key: KeyTable> {
  /// As messages name it: `queue 'lines'`.
  let owner: String
  /// Of the key whose value the map is: what lacks something is told there.
  let ownerPlace: Place
  let findings: Findings
  private let entries: [Key: Node.Entry]

  /// `nil` and reported: no map.
  init?(_ node: Node, owner: String, ownerPlace: Place, findings: Findings, elseExpected expected: String? = nil) {
    guard case .mapping(let entries) = node.content else {
      findings.wrong(node, owner, mustBe: expected ?? "a map", help: Self.help)
      return nil
    }
    self.init(entries, owner: owner, ownerPlace: ownerPlace, findings: findings)
  }

  init(
    _ entries: [Node.Entry], owner: String, ownerPlace: Place, findings: Findings,
    isFree: (String) -> Bool = { _ in false }
  ) {
    self.owner = owner
    self.ownerPlace = ownerPlace
    self.findings = findings
    var known: [Key: Node.Entry] = [:]
    for entry in entries where !isFree(entry.key) {
      if let key = Key(rawValue: entry.key) {
        known[key] = entry
      } else {
        Self.reportUnknown(entry, owner, findings)
      }
    }
    self.entries = known
  }

  /// Nothing given: all defaults.
  init(defaultsOf owner: String, at place: Place, findings: Findings) {
    self.init([], owner: owner, ownerPlace: place, findings: findings)
  }

  private static var names: [String] { Key.allCases.map(\.rawValue) }
  private static var help: String { "its keys are " + Wording.enumeration(names) }

  private static func reportUnknown(_ entry: Node.Entry, _ owner: String, _ findings: Findings) {
    findings.error(
      at: entry.keyPlace, "\(owner) has an unknown key, '\(entry.key)'",
      help: Wording.suggestion(for: entry.key, among: names, otherwise: help))
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
  func word<Word: RawRepresentable<String> & CaseIterable>(_ key: Key, _ type: Word.Type) -> Word? {
    guard let node = node(key) else { return key.entry.defaultText.flatMap(Word.init(rawValue:)) }
    return findings.word(node, type, subject(key))
  }
}
