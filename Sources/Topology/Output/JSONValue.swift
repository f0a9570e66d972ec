import Text

/// JSON to be written, its keys in the order given.
enum JSONValue {
  case null
  case bool(Bool)
  /// In the form that it stands in the text.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  init(_ literal: Literal) {
    switch literal {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .number("\(value)")
    case .unsigned(let value): self = .number("\(value)")
    // JSON has no other numbers.
    case .float(let value): self = value.isFinite ? .number("\(value)") : .string(YAMLText.float(value))
    case .string(let value): self = .string(value)
    case .list(let values): self = .array(values.map(JSONValue.init))
    case .map(let entries): self = .object(entries.map { ($0.key, JSONValue($0.value)) })
    }
  }

  /// Indented by two blanks a level; ends in no line break.
  func rendered(indentation: String = "") -> String {
    let inner = indentation + "  "
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let text): return text
    case .string(let text): return JSONText.quoted(text)
    case .array(let elements):
      let lines = elements.map { inner + $0.rendered(indentation: inner) }
      return lines.isEmpty ? "[]" : "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let entries):
      let lines = entries.map { inner + JSONText.quoted($0.key) + ": " + $0.value.rendered(indentation: inner) }
      return lines.isEmpty ? "{}" : "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }
}
