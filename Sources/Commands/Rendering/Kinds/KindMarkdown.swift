import Topology

/// The catalogue of kinds as the page of the documentation.
enum KindMarkdown {
  static func render(_ kinds: [KindSignature]) -> String {
    let index = kinds.map { "| [`\($0.name)`](#\($0.name)) | \(cell($0.summary)) |\n" }.joined()
    return
      "# The built-in kinds\n\nMade by `mporch tasks --format markdown`; do not edit.\n\n| kind | does |\n| --- | --- |\n"
      + index + kinds.map { "\n#" + page($0) }.joined()
  }

  /// Of one kind alone.
  static func page(_ kind: KindSignature) -> String {
    var text = "# \(kind.name)\n\n\(kind.summary)\n\nIt \(kind.behaviour).\(kind.poolWords)\n"
    text += table(
      ["`in`", "items", "", ""],
      kind.inputs.map { ["`\($0.name)`", $0.words, $0.isRequired ? "required" : "optional", $0.summary] })
    text += table(
      ["`out`", "items", "", ""],
      kind.outputs.map { ["`\($0.name)`", $0.words, $0.isRequired ? "required" : "optional", $0.summary] })
    text += table(
      ["`use`", "what", "", ""],
      kind.uses.map { ["`\($0.name)`", $0.words, $0.isRequired ? "required" : "optional", $0.summary] })
    return text
      + table(
        ["`with`", "type", "default", ""],
        kind.parameters.map { ["`\($0.name)`", $0.type.words, defaultValue(of: $0), $0.summary] })
  }

  private static func defaultValue(of parameter: KindSignature.Parameter) -> String {
    if parameter.isRequired { return "required" }
    return parameter.defaultValue.map { "`\($0.yaml)`" } ?? ""
  }

  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    let rule = titles.map { _ in "---" }
    return "\n" + ([titles, rule] + rows.map { $0.map(cell) }).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  private static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
