extension Item {
  /// For people: a string as it is, bytes as text (what is not UTF-8 repaired), a number plainly (`3`, `3.0`), the
  /// rest as JSON.
  package var display: String {
    switch self {
    case .string(let value): value
    case .bytes(let value): String(decoding: value, as: UTF8.self)
    case .float(let value): value.description
    default: json
    }
  }

  /// On one line. Bytes are a string, repaired; not-a-number and the infinities, which JSON lacks, are null.
  package var json: String {
    var text = ""
    appendJSON(to: &text)
    return text
  }

  private func appendJSON(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .float(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.appendQuoted(value, to: &text)
    case .bytes(let value): Self.appendQuoted(String(decoding: value, as: UTF8.self), to: &text)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += ", " }
        value.appendJSON(to: &text)
      }
      text += "]"
    case .map(let entries):
      text += "{"
      for (index, entry) in entries.enumerated() {
        if index > 0 { text += ", " }
        Self.appendQuoted(entry.key, to: &text)
        text += ": "
        entry.value.appendJSON(to: &text)
      }
      text += "}"
    }
  }

  private static func appendQuoted(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
