/// What a process does with a resource, in words.
enum Access: String, Sendable {
  case reads, writes, uses

  /// The key under which it is written.
  var key: String {
    switch self {
    case .reads: "in"
    case .writes: "out"
    case .uses: "use"
    }
  }

  /// The sorts of resources that may stand there.
  fileprivate var takes: Set<ResourceSection> {
    self == .uses ? Set(ResourceSection.allCases).subtracting([.queues]) : [.queues, .pipes]
  }
}

/// Names of resources, as processes write them, to references.
struct ReferenceReader {
  let index: ResourceIndex
  let resources: [Resource]
  let findings: Findings

  /// Of a queue or pipe end under `in` or `out`, or of anything else under `use`. `nil` and reported: not fitting.
  func reference(_ node: Node, _ access: Access, by owner: String) -> ResourceReference? {
    guard let text = findings.string(node, "'\(access.key)' of \(owner)") else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    let phrase = "\(owner) \(access.rawValue)"
    guard let id = resolve(name, at: node.place, phrase, among: access.takes) else { return nil }
    let target = Target(id: id, name: name, end: parts.count > 1 ? parts[1] : nil, place: node.place)
    if case .pipe(let pipe) = resources[id.index].kind { return pipeEnd(target, pipe, access, owner) }
    return other(target, access, owner)
  }

  /// A resource by its plain name; where there is none, those of fitting sorts may have been meant.
  func resolve(
    _ name: String, at place: Place, _ phrase: String, among sections: Set<ResourceSection>
  ) -> ResourceID? {
    if let id = index[name] { return id }
    if index.unread.contains(name) { return nil }
    let process = index.processes[name]
    if let process { findings.presume(namesIn: process) }
    let isProcess = process != nil
    let near = isProcess ? nil : index.nearest(to: name, in: sections)
    if let near { findings.presume(near.name) }
    let help =
      near.map { "did you mean '\($0.name)' (line \($0.place.line))?" }
      ?? (isProcess
        ? "'\(name)' is a process: a queue of the section 'queues' links two, by 'out' of one and 'in' of the other"
        : choice(of: sections))
    findings.error(at: place, "\(phrase) '\(name)', which no resource declares", help: help)
    return nil
  }

  private func choice(of sections: Set<ResourceSection>) -> String? {
    var names: [String] = []
    for entry in index.entries where sections.contains(entry.section) {
      names.append(entry.name)
      if names.count > 8 { return nil }
    }
    if names.isEmpty {
      let sorts = sections.count == 1 ? sections.first?.rawValue : nil
      return "the file declares no \(sorts ?? "such resources")"
    }
    return "it could be \(Wording.choice(Wording.quoted(names)))"
  }

  private struct Target {
    var id: ResourceID
    var name: String
    var end: String?
    var place: Place
  }

  private func other(_ target: Target, _ access: Access, _ owner: String) -> ResourceReference? {
    let section = index[target.id].section
    if let end = target.end {
      report(
        target,
        "\(owner) \(access.rawValue) '\(target.name).\(end)', and '\(target.name)' is \(section.nounWithArticle)",
        help: "only pipes have ends: write '\(target.name)'")
      return nil
    }
    if (section == .queues) == (access != .uses) {
      return ResourceReference(resource: target.id, end: nil, place: target.place)
    }
    if access == .uses {
      report(
        target, "\(owner) uses '\(target.name)', which is a queue",
        help: "a queue is read by 'in: \(target.name)' and written by 'out: \(target.name)'")
    } else {
      report(
        target, "\(owner) \(access.rawValue) '\(target.name)', which is \(section.nounWithArticle), no queue or pipe",
        help: "write 'use: \(target.name)'")
    }
    return nil
  }

  private func pipeEnd(
    _ target: Target, _ pipe: Resource.Pipe, _ access: Access, _ owner: String
  ) -> ResourceReference? {
    pipe.isDuplex ? duplexEnd(target, access, owner) : simplexEnd(target, access, owner)
  }

  private func duplexEnd(_ target: Target, _ access: Access, _ owner: String) -> ResourceReference? {
    if let end = target.end.flatMap(PipeEnd.init(rawValue:)) {
      return ResourceReference(resource: target.id, end: end, place: target.place)
    }
    let name = target.name
    let message =
      target.end.map { "\(owner) \(access.rawValue) '\(name).\($0)', and a pipe's ends are 'a' and 'b'" }
      ?? "\(owner) \(access.rawValue) pipe '\(name)' without naming its end"
    report(target, message, help: "write '\(name).a' or '\(name).b'")
    return nil
  }

  private func simplexEnd(_ target: Target, _ access: Access, _ owner: String) -> ResourceReference? {
    let name = target.name
    if let end = target.end {
      report(
        target,
        "\(owner) \(access.rawValue) '\(name).\(end)', and '\(name)' is a simplex pipe, which is named as a whole",
        help: "write 'out: \(name)' in the process that writes it and 'in: \(name)' in the one that reads it")
      return nil
    }
    guard access != .uses else {
      report(
        target, "\(owner) uses '\(name)', which is a simplex pipe",
        help: "write 'out: \(name)' to write it, 'in: \(name)' to read it")
      return nil
    }
    return ResourceReference(resource: target.id, end: access == .writes ? .a : .b, place: target.place)
  }

  private func report(_ target: Target, _ message: String, help: String) {
    let entry = index[target.id]
    findings.presume(entry.name)
    findings.error(
      at: target.place, message, help: help,
      notes: [Diagnostic.Note(place: entry.place, message: "'\(entry.name)' is declared here")])
  }
}
