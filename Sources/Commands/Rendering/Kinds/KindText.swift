import Topology

/// The catalogue of kinds for a person at a terminal.
struct KindText {
  var kinds: [KindSignature]
  var width: Int?

  /// A line for each kind.
  func list() -> String {
    var table = Table(columns: [
      .init(title: "KIND"), .init(title: "IN"), .init(title: "OUT"), .init(title: "DOES", canShrink: true),
    ])
    table.rows = kinds.map { kind in
      [kind.name, ports(kind.inputs), ports(kind.outputs), kind.summary]
    }
    return table.render(width: width)
  }

  /// All that one kind's signature says, and how it is written in a file.
  static func page(_ kind: KindSignature, width: Int?) -> String {
    var text = "\(kind.name): \(kind.summary)\nIt \(kind.behaviour).\(kind.poolWords)\n"
    text += section("in", kind.inputs.map { [$0.name, $0.words, $0.isRequired ? "required" : "", $0.summary] }, width)
    text += section(
      "out", kind.outputs.map { [$0.name, $0.words, $0.isRequired ? "required" : "", $0.summary] }, width)
    text += section("use", kind.uses.map { [$0.name, $0.words, $0.isRequired ? "required" : "", $0.summary] }, width)
    return text
      + section("with", kind.parameters.map { [$0.name, $0.type.words, $0.presence, $0.summary] }, width)
  }

  private static func section(_ key: String, _ rows: [[String]], _ width: Int?) -> String {
    guard !rows.isEmpty else { return "" }
    let table = Table(
      columns: [
        .init(title: key + ":"), .init(title: "", canShrink: true), .init(title: ""), .init(title: "", canShrink: true),
      ], rows: rows.map { ["  " + $0[0]] + $0[1...] })
    return "\n" + table.render(width: width)
  }

  private func ports(_ ports: [KindSignature.Port]) -> String {
    ports.isEmpty ? "-" : ports.map { ports.count > 1 ? "\($0.name): \(short($0))" : short($0) }.joined(separator: "; ")
  }

  /// In brackets where it may be left out.
  private func short(_ port: KindSignature.Port) -> String {
    let types = port.types.isEmpty ? "any" : port.names.joined(separator: "/")
    let words = port.typeFollowsInput == nil ? types : "same"
    return port.isRequired ? words : "[\(words)]"
  }
}

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
