extension Topology {
  /// For Graphviz: `mporch graph FILE | dot -Tsvg`.
  package var dot: String {
    let graph = Graph(self)
    var text = "digraph \(DOT.quoted(name)) {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n"
    text += "  edge [fontname=\"sans-serif\", fontsize=10];\n"
    for node in graph.nodes {
      let label = DOT.quoted(node.label.joined(separator: "\n"))
      text += "  \(node.id) [shape=\(node.outline.dot), label=\(label)];\n"
    }
    for edge in graph.edges {
      let attributes = DOT.attributes(of: edge)
      text +=
        "  \(edge.from) -> \(edge.to)" + (attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]") + ";\n"
    }
    return text + "}\n"
  }
}

/// The DOT language of Graphviz.
private enum DOT {
  static func quoted(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\"": escaped += #"\""#
      case "\\": escaped += #"\\"#
      case "\n", "\r\n", "\r": escaped += #"\n"#
      default: escaped.append(character)
      }
    }
    return "\"\(escaped)\""
  }

  static func attributes(of edge: Graph.Edge) -> [String] {
    var attributes: [String] = []
    switch edge.style {
    case .flow: break
    case .use: attributes.append(edge.isDuplex ? "dir=both" : "dir=none")
    case .dependency: attributes += ["style=dashed", "constraint=false"]
    case .reference: attributes.append("style=dotted")
    }
    if let label = edge.label { attributes.append("label=\(quoted(label))") }
    return attributes
  }
}
