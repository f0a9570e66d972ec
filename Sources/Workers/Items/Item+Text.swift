internal import Text
internal import Topology

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

  /// For people, on one line: bytes are a string, repaired; `NaN`, `Infinity` and `-Infinity`, which JSON lacks, are
  /// these words.
  package var json: String {
    var bytes: [UInt8] = []
    JSONWriter.append(self, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// In JSON (RFC 8259) for programs, on one line; what JSON can't say as it is, is refused.
  package func appendJSON(to bytes: inout [UInt8]) throws(ItemError) {
    if let (what, place) = JSONWriter.lack(of: self) {
      throw ItemError("JSON has no form for \(what)" + (place.isEmpty ? "" : ", which is at \(place)"))
    }
    JSONWriter.append(self, to: &bytes)
  }
}

private enum JSONWriter {
  static func append(_ item: Item, to bytes: inout [UInt8]) {
    switch item {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .int(let value): bytes += String(value).utf8
    case .unsigned(let value): bytes += String(value).utf8
    case .float(let value): bytes += word(for: value).utf8
    case .string(let value): JSONText.append(value, to: &bytes)
    case .bytes(let value): append(text: value, to: &bytes)
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        append(value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .map(let entries):
      bytes.append(UInt8(ascii: "{"))
      for (index, entry) in entries.enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        append(text: entry.key.bytes, to: &bytes)
        bytes += ": ".utf8
        append(entry.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Repaired.
  private static func append(text: [UInt8], to bytes: inout [UInt8]) {
    text.withUnsafeBytes { text in JSONText.append(text) { bytes.append(contentsOf: $0) } }
  }

  /// The first part that would not be what it was: what it is, and where.
  static func lack(of item: Item) -> (what: String, place: String)? {
    switch item {
    case .float(let value) where !value.isFinite: return (word(for: value), "")
    case .bytes(let value) where String(validating: value, as: UTF8.self) == nil:
      return ("the \(value.count) bytes \(excerpt(value)), which are no UTF-8", "")
    case .list(let values):
      for (index, value) in values.enumerated() {
        if let (what, place) = lack(of: value) { return (what, "[\(index + 1)]\(place)") }
      }
    case .map(let entries):
      for entry in entries {
        if String(validating: entry.key.bytes, as: UTF8.self) == nil {
          return ("the key \(excerpt(entry.key.bytes)), which is no UTF-8", "")
        }
        if let (what, place) = lack(of: entry.value) { return (what, ".\(entry.key)\(place)") }
      }
    default: break
    }
    return nil
  }

  private static func excerpt(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(20), as: UTF8.self).debugDescription + (bytes.count > 20 ? "…" : "")
  }

  private static func word(for value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.description
  }
}
