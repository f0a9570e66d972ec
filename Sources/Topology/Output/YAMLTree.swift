/// YAML to be written: maps in block style, lists in flow style.
enum YAMLTree {
  /// In the form that it stands in the file.
  case scalar(String)
  /// A text of lines, taken as it is: no variables are replaced in it.
  case script(String)
  case list([YAMLTree])
  case map([(key: String, value: YAMLTree)])

  static func text(_ text: String) -> YAMLTree { .scalar(YAMLText.value(text)) }

  static func number(_ value: some BinaryInteger) -> YAMLTree { .scalar("\(value)") }

  static func boolean(_ value: Bool) -> YAMLTree { .scalar(value ? "true" : "false") }

  static func duration(_ value: Duration) -> YAMLTree { .scalar(value.exactText) }

  init(_ literal: Literal) {
    switch literal {
    case .null: self = .scalar("null")
    case .bool(let value): self = .boolean(value)
    case .int(let value): self = .number(value)
    case .unsigned(let value): self = .number(value)
    case .float(let value): self = .scalar(YAMLText.float(value))
    case .string(let value): self = .text(value)
    case .list(let values): self = .list(values.map(YAMLTree.init))
    case .map(let entries): self = .map(entries.map { ($0.key, YAMLTree($0.value)) })
    }
  }

  /// A document; of a map, since that is what files are.
  func rendered() -> String {
    guard case .map(let entries) = self else { return flow + "\n" }
    return entries.map { Self.entry($0.key, $0.value, indentation: "") }.joined()
  }

  private static func entry(_ key: String, _ value: YAMLTree, indentation: String) -> String {
    let start = indentation + YAMLText.scalar(key) + ":"
    switch value {
    case .map(let entries) where !entries.isEmpty:
      return start + "\n" + entries.map { entry($0.key, $0.value, indentation: indentation + "  ") }.joined()
    case .script(let text):
      return start + " " + (YAMLText.block(text, indentation: indentation + "  ") ?? YAMLText.quoted(text)) + "\n"
    default: return start + " " + value.flow + "\n"
    }
  }

  private var flow: String {
    switch self {
    case .scalar(let text): text
    case .script(let text): YAMLText.quoted(text)
    case .list(let elements): "[" + elements.map(\.flow).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { YAMLText.scalar($0.key) + ": " + $0.value.flow }.joined(separator: ", ") + "}"
    }
  }
}

/// A map of the file being written, by the keys of its table.
struct YAMLMap<Key: KeyTable> {
  private var entries: [(key: String, value: YAMLTree)] = []

  /// `nil` leaves the key out.
  subscript(key: Key) -> YAMLTree? {
    get { entries.first { $0.key == key.rawValue }?.value }
    set {
      entries.removeAll { $0.key == key.rawValue }
      if let newValue { entries.append((key.rawValue, newValue)) }
    }
  }

  var tree: YAMLTree { .map(entries) }
}

extension YAMLTree {
  static func fields<Key: KeyTable>(_: Key.Type, _ entries: [(Key, YAMLTree)]) -> YAMLTree {
    .map(entries.map { ($0.0.rawValue, $0.1) })
  }
}

/// Single scalars as YAML.
enum YAMLText {
  /// Plain where it reads as that string, else in double quotes.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "/"):
          true
        default: false
        }
      } && !text.hasPrefix("-") && !text.hasPrefix("...")
    return isPlain && Node.Scalar(text: text, isQuoted: false).literal == .string(text) ? text : quoted(text)
  }

  /// A scalar in which `${` is to stay as it is.
  static func value(_ text: String) -> String {
    var escaped: [UInt8] = []
    for byte in text.utf8 {
      if byte == UInt8(ascii: "{"), escaped.last == UInt8(ascii: "$") { escaped.append(UInt8(ascii: "$")) }
      escaped.append(byte)
    }
    return scalar(String(decoding: escaped, as: UTF8.self))
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  /// As a block that keeps each character; `nil`: a block can't hold them.
  static func block(_ text: String, indentation: String) -> String? {
    guard text.contains(where: { !$0.isWhitespace }), text.unicodeScalars.allSatisfy(isPrintable) else { return nil }
    let endsInBreak = text.hasSuffix("\n")
    let chomping = endsInBreak ? (text.hasSuffix("\n\n") ? "+" : "") : "-"
    // Without it the first line's own blanks would count as indentation.
    let first = text.utf8.first.map(UnicodeScalar.init)
    let indicator = first == " " || first == "\n" || first == "\t" ? "2" : ""
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if endsInBreak { lines.removeLast() }
    return "|" + indicator + chomping + "\n" + lines.map { $0.isEmpty ? "" : indentation + $0 }.joined(separator: "\n")
  }

  static func float(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    return value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : "\(value)"
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
      true
    default: false
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return #"\""#
    case "\\": return #"\\"#
    case "\n": return #"\n"#
    case "\t": return #"\t"#
    case "\r": return #"\r"#
    default:
      if isPrintable(scalar) { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return scalar.value < 0x10000
        ? #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        : #"\U"# + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
}
