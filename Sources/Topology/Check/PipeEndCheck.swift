/// An end of a pipe belongs to exactly one process instance.
struct PipeEndCheck {
  let scope: Scope

  private struct Holder {
    var owner: String
    var replicas: Int
    var access: Access
    var target: ResourceReference
  }

  private struct End: Hashable {
    var resource: ResourceID
    var end: PipeEnd
  }

  func run(_ processes: [BoundProcess]) {
    var holders: [End: [Holder]] = [:]
    for holder in all(processes) {
      guard let end = holder.target.end else { continue }
      let key = End(resource: holder.target.resource, end: end)
      check(holder, after: holders[key] ?? [])
      holders[key, default: []].append(holder)
    }
  }

  private func check(_ holder: Holder, after earlier: [Holder]) {
    let text = scope.text(of: holder.target)
    if holder.replicas > 1, !earlier.contains(where: { $0.owner == holder.owner }) {
      scope.findings.error(
        at: holder.target.place,
        "\(holder.owner) has \(holder.replicas) instances, and \(noun(holder.target)) of '\(text)' belongs to one",
        help: "give it one instance, or use a queue, which many may share")
    }
    guard let first = earlier.first else { return }
    if earlier.count == 1, first.owner == holder.owner, [first.access, holder.access].sorted() == [.reads, .writes] {
      return
    }
    let other = first.owner == holder.owner ? "twice by \(holder.owner)" : "by \(first.owner) and by \(holder.owner)"
    scope.findings.error(
      at: holder.target.place, "\(noun(holder.target)) of '\(text)' is used \(other)",
      help: "an end belongs to exactly one process instance: declare another pipe, or use a queue",
      notes: [Diagnostic.Note(place: first.target.place, message: "first used here")])
  }

  private func noun(_ reference: ResourceReference) -> String {
    guard case .pipe(let pipe) = scope[reference.resource].kind, !pipe.isDuplex else { return "the end" }
    return reference.end == .a ? "the writing end" : "the reading end"
  }

  private func all(_ processes: [BoundProcess]) -> [Holder] {
    var holders: [Holder] = []
    for process in processes where process.isEnabled {
      let declaration = process.declaration
      let holder = { (access: Access, target: ResourceReference) in
        Holder(owner: process.owner, replicas: declaration.replicas, access: access, target: target)
      }
      holders += declaration.inputs.map { holder(.reads, $0.target) }
      // `use: p.a` bound to both ports is one reference.
      holders +=
        declaration.outputs.map { holder(.writes, $0.target) } + declaration.uses.map { holder(.uses, $0.target) }
    }
    for resource in scope.resources {
      guard case .pool(let pool) = resource.kind else { continue }
      holders += pool.uses.map {
        Holder(owner: "pool '\(resource.name)'", replicas: pool.size, access: .uses, target: $0.target)
      }
    }
    return holders
  }
}

extension Access: Comparable {
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
