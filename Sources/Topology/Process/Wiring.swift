/// `in`, `out` and `use`: a name, a list, or a map port → resource.
struct WiringDecoder {
  let references: ReferenceReader
  let findings: Findings

  func wiring(_ entry: Node.Entry?, _ access: Access, by owner: String) -> ProcessDraft.Wiring? {
    guard let entry, !entry.value.isNull else { return nil }
    var reading = Reading(decoder: self, access: access, owner: owner, wiring: .init(place: entry.keyPlace, links: []))
    switch entry.value.content {
    case .scalar: reading.add(entry.value, name: nil)
    case .sequence(let elements): reading.add(elements, in: entry.value, name: nil)
    case .mapping(let ports): for port in ports { reading.add(port) }
    }
    return reading.wiring
  }

  private struct Reading {
    let decoder: WiringDecoder
    let access: Access
    let owner: String
    var wiring: ProcessDraft.Wiring

    mutating func add(_ port: Node.Entry) {
      let noun = access == .uses ? "a resource inside of \(owner)" : "a port of \(owner)"
      guard decoder.findings.name(port.key, at: port.keyPlace, noun) != nil else {
        wiring.isBroken = true
        return
      }
      if case .sequence(let elements) = port.value.content {
        add(elements, in: port.value, name: (port.key, port.keyPlace))
      } else {
        add(port.value, name: (port.key, port.keyPlace))
      }
    }

    /// Only `out` may have several for one port, and only `use` and `out` are lists at all.
    mutating func add(_ elements: [Node], in list: Node, name: (text: String, place: Place)?) {
      if access == .reads || access == .uses && name != nil {
        let noun = access == .reads ? "a port reads from one resource" : "a name stands for one resource"
        decoder.findings.error(
          at: list.place, "'\(access.key)' of \(owner) is a list, and \(noun)", help: Self.help(elements, access))
        decoder.findings.presume(namesIn: list)
        wiring.isBroken = true
        return
      }
      for element in elements { add(element, name: name) }
    }

    private static func help(_ elements: [Node], _ access: Access) -> String {
      guard access == .reads, elements.count > 1 else {
        return access == .reads ? "write the one name, without '[' and ']'" : "write a map 'name: resource'"
      }
      let names = elements.map { $0.scalar?.text ?? "…" }
      let map = names.map { "\($0): \($0)" }.joined(separator: ", ")
      return "let those who write \(Wording.enumeration(Wording.quoted(names))) put into one queue, and read that; "
        + "a script can read several, by 'in: {\(map)}'"
    }

    mutating func add(_ node: Node, name: (text: String, place: Place)?) {
      guard let target = decoder.references.reference(node, access, by: owner) else {
        wiring.isBroken = true
        if let text = node.scalar?.text, decoder.references.index[text] != nil { wiring.isOfOtherSort = true }
        return
      }
      let isSame = { (link: ProcessDraft.Link) in
        link.name == name?.text && link.target.resource == target.resource && link.target.end == target.end
      }
      if let first = wiring.links.first(where: isSame) {
        decoder.findings.error(
          at: node.place, "'\(access.key)' of \(owner) lists '\(node.scalar?.text ?? "")' twice", help: "remove one",
          notes: [Diagnostic.Note(place: first.target.place, message: "first listed here")])
        wiring.isBroken = true
        return
      }
      wiring.links.append(.init(name: name?.text, place: name?.place ?? node.place, target: target))
    }
  }
}
