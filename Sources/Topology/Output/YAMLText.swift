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
