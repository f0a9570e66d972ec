/// `in` or `out` against the ports of a kind.
struct PortBinder {
  let scope: Scope
  /// `kind 'sum'`
  let noun: String
  let owner: String
  let ownerPlace: Place

  func bind(_ wiring: ProcessDraft.Wiring?, to ports: [KindSignature.Port], _ access: Access) -> [PortBinding] {
    guard let wiring else {
      reportMissing(ports.filter(\.isRequired), access, at: ownerPlace)
      return []
    }
    guard !ports.isEmpty else {
      scope.findings.error(
        at: wiring.place, "\(owner) has '\(access.key)', and \(noun) \(access == .reads ? "reads" : "writes") no items",
        help: "remove '\(access.key)'")
      return []
    }
    let bindings = wiring.links.compactMap { bind($0, to: ports, access) }
    if bindings.count == wiring.links.count, !wiring.isBroken {
      let missing = ports.filter { port in port.isRequired && !bindings.contains { $0.port == port.name } }
      reportMissing(missing, access, at: wiring.place)
    }
    return bindings
  }

  private func bind(_ link: ProcessDraft.Link, to ports: [KindSignature.Port], _ access: Access) -> PortBinding? {
    let names = ports.map(\.name)
    guard let name = link.name else {
      let required = ports.filter(\.isRequired)
      if let port = ports.count == 1 ? ports.first : required.count == 1 ? required.first : nil {
        return PortBinding(port: port.name, target: link.target)
      }
      scope.findings.error(
        at: link.place,
        "\(owner) does not say which \(access.portNoun) of \(noun) '\(scope.text(of: link.target))' is for",
        help:
          "write a map of \(Wording.enumeration(names)), as in '\(access.key): {\(names[0]): \(scope.text(of: link.target))}'"
      )
      return nil
    }
    if names.contains(name) { return PortBinding(port: name, target: link.target) }
    scope.findings.error(
      at: link.place, "\(noun) has no \(access.portNoun) '\(name)'",
      help: Wording.suggestion(
        for: name, among: names, otherwise: "it has \(Wording.enumeration(Wording.quoted(names)))"))
    return nil
  }

  private func reportMissing(_ ports: [KindSignature.Port], _ access: Access, at place: Place) {
    for port in ports {
      scope.findings.error(
        at: place, "\(owner) lacks the \(access.portNoun) '\(port.name)' of \(noun): \(port.summary)",
        help: "write '\(access.key): QUEUE'" + (ports.count > 1 ? ", as a map of ports" : ""))
    }
  }
}

extension Access {
  fileprivate var portNoun: String { self == .reads ? "input" : "output" }
}
