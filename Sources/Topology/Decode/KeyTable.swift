/// The keys that one kind of map in the file may have. The decoder, the suggestion for an unknown key and the JSON
/// schema all read this one table.
protocol KeyTable: RawRepresentable<String>, CaseIterable, Hashable, Sendable where AllCases == [Self] {
  var entry: KeyEntry { get }
  /// What other programs call some of them.
  static var foreign: ForeignWords { get }
}

struct KeyEntry: Sendable {
  var shape: ValueShape
  /// As written in the file; `nil`: none.
  var defaultText: String?
  var isRequired = false
  /// One line.
  var summary: String

  init(_ shape: ValueShape, default defaultText: String? = nil, required: Bool = false, _ summary: String) {
    self.shape = shape
    self.defaultText = defaultText
    self.isRequired = required
    self.summary = summary
  }
}

extension KeyEntry {
  /// What to write, behind `key: …`.
  var hint: String {
    if case .word(let words) = shape { return ", which is \(Wording.choice(words))" }
    let words = summary.hasSuffix(".") ? summary.dropLast() : summary[...]
    return ": \(words.prefix(1).lowercased())\(words.dropFirst())"
  }
}

/// What may stand as a key's value.
indirect enum ValueShape: Sendable {
  case boolean
  case integer(ClosedRange<Int>)
  case duration
  /// Bytes.
  case size(ClosedRange<Int>)
  /// One of these words.
  case word([String])
  /// Text of a form that a regular expression (ECMA 262) tells.
  case pattern(String)
  case text
  /// The name of a resource or process.
  case name
  /// A resource, or an end of a pipe.
  case reference
  /// The name of a kind.
  case kind
  /// Any value.
  case any
  case list(of: ValueShape)
  /// With keys of the user's.
  case map(of: ValueShape)
  case object([KeyEntryWithName])
  case oneOf([ValueShape])
  /// Nothing: an empty value.
  case nothing

  static let elementTypes = ValueShape.word(ElementType.allCases.map(\.rawValue))
  static let itemTypes = ValueShape.word(["any", "string", "bytes"] + ElementType.allCases.map(\.rawValue))

  static func keys<Keys: KeyTable>(_: Keys.Type) -> ValueShape {
    .object(Keys.allCases.map { KeyEntryWithName(name: $0.rawValue, entry: $0.entry) })
  }
}

struct KeyEntryWithName: Sendable {
  var name: String
  var entry: KeyEntry
}

/// Every key that some map of the file may have: for texts of which it is not known yet to what map they belong.
enum KnownKeys {
  static func contains(_ word: String) -> Bool { all.contains(word) }

  private static let all: Set<String> = {
    var names: Set<String> = []
    func add<Key: KeyTable>(_: Key.Type) { names.formUnion(Key.allCases.map(\.rawValue)) }
    add(TopLevelKey.self)
    add(ProcessKey.self)
    add(PoolKey.self)
    add(QueueKey.self)
    add(HealthCheckKey.self)
    add(ArrayKey.self)
    add(DependencyKey.self)
    add(LoggingKey.self)
    return names
  }()
}
