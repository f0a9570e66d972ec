/// The resolved topology as a file in canonical long form: read again, it gives an equal topology.
package struct ResolvedTopology {
  let topology: Topology
  private let signatures: [String: KindSignature]

  package static func text(of topology: Topology, signatures: [KindSignature]) -> String {
    ResolvedTopology(
      topology: topology,
      signatures: Dictionary(signatures.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    ).tree.rendered()
  }

  private var tree: YAMLTree {
    var document = YAMLMap<TopLevelKey>()
    document[.name] = .text(topology.name)
    document[.failFast] = .boolean(topology.failFast)
    var logging = YAMLMap<LoggingKey>()
    logging[.maxSize] = .number(topology.logging.maxFileByteCount)
    logging[.maxFiles] = .number(topology.logging.maxFileCount)
    document[.logging] = logging.tree
    document[.environment] =
      topology.environment.isEmpty ? nil : .map(topology.environment.map { ($0.name, .text($0.value)) })
    // A section may stand in several pieces in the order of resources; as a key it stands once.
    for section in sectionsInOrder {
      let resources = topology.resources.filter { $0.kind.section == section }
      document[.section(section)] = .map(resources.map { ($0.name, $0.kind.sort.tree(in: self)) })
    }
    document[.processes] = .map(topology.processes.map { ($0.name, tree(of: $0)) })
    return document.tree
  }

  private var sectionsInOrder: [ResourceSection] {
    var sections: [ResourceSection] = []
    for resource in topology.resources where !sections.contains(resource.kind.section) {
      sections.append(resource.kind.section)
    }
    return sections
  }

  func name(of resource: ResourceID) -> String { topology.resources[resource.index].name }

  // MARK: Processes

  private func tree(of process: ProcessDeclaration) -> YAMLTree {
    .map(ProcessKey.allCases.compactMap { key in key.described.written(process, self).map { (key.rawValue, $0) } })
  }

  func ports(_ bindings: [PortBinding]) -> YAMLTree? {
    var targets: [(key: String, value: [YAMLTree])] = []
    for binding in bindings {
      let target = YAMLTree.text(topology.text(of: binding.target))
      if let index = targets.firstIndex(where: { $0.key == binding.port }) {
        targets[index].value.append(target)
      } else {
        targets.append((binding.port, [target]))
      }
    }
    if targets.isEmpty { return nil }
    return .map(targets.map { ($0.key, $0.value.count == 1 ? $0.value[0] : .list($0.value)) })
  }

  func uses(_ uses: [UseBinding]) -> YAMLTree? {
    uses.isEmpty ? nil : .map(uses.map { ($0.name, .text(topology.text(of: $0.target))) })
  }

  func parameters(_ parameters: [Argument], of work: ProcessDeclaration.Work) -> YAMLTree? {
    guard !parameters.isEmpty else { return nil }
    var types: [String: KindSignature.ParameterType] = [:]
    if case .kind(let name, _) = work {
      for parameter in signatures[name]?.parameters ?? [] { types[parameter.name] = parameter.type }
    }
    return .map(
      parameters.map { parameter in
        if types[parameter.name] == .duration, case .float(let seconds) = parameter.value {
          return (parameter.name, .duration(.nanoseconds(Int64((seconds * 1e9).rounded()))))
        }
        return (parameter.name, YAMLTree(parameter.value))
      })
  }
}
