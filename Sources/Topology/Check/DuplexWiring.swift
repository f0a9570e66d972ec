/// An end of a duplex pipe may be written as `use: p.a`, or as `in: p.a` with `out: p.a`, whichever way the work's
/// signature has it.
enum DuplexWiring {
  static func fitted(_ draft: ProcessDraft, to signature: KindSignature) -> ProcessDraft {
    var draft = draft
    if signature.inputs.isEmpty, signature.outputs.isEmpty {
      moveToUse(&draft)
    } else if signature.inputs.count == 1, signature.outputs.count == 1,
      !signature.uses.contains(where: { $0.sort == .pipe })
    {
      moveToPorts(&draft)
    }
    return draft
  }

  private static func moveToUse(_ draft: inout ProcessDraft) {
    guard let read = end(draft.inputs), let written = end(draft.outputs), isSame(read, written) else { return }
    var uses = draft.uses ?? .init(place: draft.inputs?.place ?? read.place, links: [])
    // A map names roles, and this one has no name.
    guard !uses.isNamed else { return }
    uses.links.append(.init(name: nil, place: read.place, target: read))
    draft.uses = uses
    (draft.inputs, draft.outputs) = (nil, nil)
  }

  private static func moveToPorts(_ draft: inout ProcessDraft) {
    guard draft.inputs == nil, draft.outputs == nil, var uses = draft.uses else { return }
    let ends = uses.links.filter { $0.name == nil && $0.target.end != nil }
    guard ends.count == 1, let end = ends.first else { return }
    uses.links.removeAll { $0.target == end.target }
    let port = ProcessDraft.Wiring(place: uses.place, links: [end])
    (draft.inputs, draft.outputs) = (port, port)
    draft.uses = uses.links.isEmpty && !uses.isBroken ? nil : uses
  }

  private static func end(_ wiring: ProcessDraft.Wiring?) -> ResourceReference? {
    guard let wiring, wiring.links.count == 1, !wiring.isNamed, wiring.links[0].target.end != nil else { return nil }
    return wiring.links[0].target
  }

  private static func isSame(_ left: ResourceReference, _ right: ResourceReference) -> Bool {
    left.resource == right.resource && left.end == right.end
  }
}
