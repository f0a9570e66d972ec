/// A topology as nodes and edges, for `mporch graph`.
struct Graph {
  struct Node {
    var id: String
    /// Lines of text.
    var label: [String]
    var outline: Outline
  }

  /// How a node is drawn, in each language.
  struct Outline {
    var dot: String
    var mermaid: (open: String, close: String)

    static let process = Outline(dot: "box", mermaid: ("[", "]"))
  }

  struct Edge {
    enum Style { case flow, use, dependency, reference }
    var from: String
    var to: String
    var style: Style
    var label: String?
    /// Goes both ways.
    var isDuplex = false
  }

  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []

  init(_ topology: Topology) {
    for (position, resource) in topology.resources.enumerated() { add(resource, position) }
    for (position, process) in topology.processes.enumerated() { add(process, position) }
    let positions = Dictionary(
      topology.processes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (position, process) in topology.processes.enumerated() {
      for dependency in process.dependencies {
        guard let other = positions[dependency.process] else { continue }
        edges.append(
          Edge(from: "p\(position)", to: "p\(other)", style: .dependency, label: dependency.condition.rawValue))
      }
    }
  }

  private mutating func add(_ resource: Resource, _ position: Int) {
    let id = "r\(position)"
    nodes.append(
      Node(id: id, label: [resource.name, resource.kind.sort.detail], outline: resource.kind.section.sort.outline))
    switch resource.kind {
    case .queue(let queue):
      guard let target = queue.deadLetterQueue else { break }
      edges.append(Edge(from: id, to: "r\(target.index)", style: .reference, label: "dead letters"))
    case .condition(let lock): edges.append(Edge(from: id, to: "r\(lock.index)", style: .reference, label: "lock"))
    case .pool(let pool): addUses(pool.uses, of: id)
    default: break
    }
  }

  private mutating func add(_ process: ProcessDeclaration, _ position: Int) {
    let id = "p\(position)"
    let title = process.replicas > 1 ? "\(process.name) ×\(process.replicas)" : process.name
    nodes.append(Node(id: id, label: [title, process.work.detail], outline: .process))
    for input in process.inputs {
      edges.append(
        Edge(
          from: "r\(input.target.resource.index)", to: id, style: .flow, label: label(input, among: process.inputs)))
    }
    for output in process.outputs {
      edges.append(
        Edge(
          from: id, to: "r\(output.target.resource.index)", style: .flow, label: label(output, among: process.outputs)))
    }
    addUses(process.uses, of: id)
  }

  private mutating func addUses(_ uses: [UseBinding], of id: String) {
    for use in uses {
      edges.append(
        Edge(
          from: id, to: "r\(use.target.resource.index)", style: .use,
          label: use.target.end.map { "\(use.name) (\($0.rawValue))" } ?? use.name, isDuplex: use.target.end != nil))
    }
  }

  /// The port's name, where there are several.
  private func label(_ binding: PortBinding, among bindings: [PortBinding]) -> String? {
    Set(bindings.map(\.port)).count > 1 ? binding.port : nil
  }
}

extension ProcessDeclaration.Work {
  var detail: String {
    switch self {
    case .kind(let name, _): name
    case .script: "script"
    case .command(let words, _): words.joined(separator: " ")
    }
  }
}
