extension Topology {
  /// For Mermaid, which many pages that show Markdown draw.
  package var mermaid: String {
    let graph = Graph(self)
    var text = "---\ntitle: \(YAMLText.scalar(name))\n---\nflowchart LR\n"
    for node in graph.nodes {
      let (open, close) = node.outline.mermaid
      text +=
        "  \(node.id)\(open)\(Mermaid.quoted(node.label.map(Mermaid.escaped).joined(separator: "<br/>")))\(close)\n"
    }
    for edge in graph.edges {
      let label = edge.label.map { "|\(Mermaid.quoted(Mermaid.escaped($0)))|" } ?? ""
      text += "  \(edge.from) \(Mermaid.arrow(of: edge))\(label) \(edge.to)\n"
    }
    return text
  }
}

private enum Mermaid {
  /// Of escaped text.
  static func quoted(_ text: String) -> String { "\"\(text)\"" }

  /// Its entities begin with `#`, not `&`.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\"": escaped += "#quot;"
      case "#": escaped += "#35;"
      case "<": escaped += "#lt;"
      case ">": escaped += "#gt;"
      case "&": escaped += "#amp;"
      case "`": escaped += "#96;"
      case "\n", "\r\n", "\r": escaped += "<br/>"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  static func arrow(of edge: Graph.Edge) -> String {
    switch edge.style {
    case .flow: "-->"
    case .use: edge.isDuplex ? "<-->" : "---"
    case .dependency, .reference: "-.->"
    }
  }
}
