/// What the memory of a queue or pipe that is declared `any` can hold: the exact type of all of its writers, if there is
/// one (see `Resource.Queue.storedType`).
struct StoredTypes {
  private enum Stored: Equatable {
    case nothing
    case exactly(ItemType)
    case any

    func union(_ other: Stored) -> Stored {
      switch (self, other) {
      case (.nothing, let stored), (let stored, .nothing): stored
      case (.exactly(let left), .exactly(let right)): left == right ? self : .any
      default: .any
      }
    }
  }

  private let flow: TypeFlow
  private var stored: [Channel: Stored] = [:]

  static func infer(_ flow: TypeFlow, into resources: inout [Resource]) {
    var types = StoredTypes(flow)
    types.spread()
    for index in resources.indices { types.apply(to: &resources[index], ResourceID(index)) }
  }

  private init(_ flow: TypeFlow) {
    self.flow = flow
    for (position, resource) in flow.resources.enumerated() {
      guard let type = resource.itemType, type != .any else { continue }
      for channel in resource.channels(ResourceID(position)) { stored[channel] = .exactly(type) }
    }
    for (position, resource) in flow.resources.enumerated() {
      guard case .queue(let queue) = resource.kind else { continue }
      if queue.isExternal { fix(ResourceID(position)) }
      if let target = queue.deadLetterQueue { fix(target) }
    }
  }

  /// It takes items of others than kinds.
  private mutating func fix(_ queue: ResourceID) {
    if flow.declaredType(of: .queue(queue)) == .any { stored[.queue(queue)] = .any }
  }

  private mutating func spread() {
    flow.propagate { writer in
      guard flow.declaredType(of: writer.channel) == .any else { return false }
      let union = (stored[writer.channel] ?? .nothing).union(puts(writer))
      if union == stored[writer.channel] ?? .nothing { return false }
      stored[writer.channel] = union
      return true
    }
  }

  private func puts(_ writer: TypeFlow.Writer) -> Stored {
    guard writer.isSingleType else { return .any }
    if let source = writer.follows { return stored[source] ?? .nothing }
    guard case .some(let types) = writer.types, types.count == 1, let type = types.first, type != .any else {
      return .any
    }
    return .exactly(type)
  }

  private func apply(to resource: inout Resource, _ id: ResourceID) {
    switch resource.kind {
    case .queue(var queue):
      queue.storedType = type(.queue(id))
      resource.kind = .queue(queue)
    case .pipe(var pipe):
      pipe.storedTypeFromA = type(.pipe(id, from: .a))
      pipe.storedTypeFromB = pipe.isDuplex ? type(.pipe(id, from: .b)) : pipe.itemType
      resource.kind = .pipe(pipe)
    default: break
    }
  }

  private func type(_ channel: Channel) -> ItemType {
    if case .exactly(let type)? = stored[channel] { type } else { .any }
  }
}
