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
