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
