/// Which types of items come through each queue and pipe, from the processes that put them to those that read them.
struct TypeFlow {
  /// Something that puts items into a channel.
  struct Writer {
    var channel: Channel
    /// Exact, or as far as they are known.
    var types: ItemTypes
    /// It puts what it takes from there, of `types`.
    var follows: Channel?
    /// Always the same single type in memory: a kind's, or the lines of a command.
    var isSingleType: Bool
    /// Of a command, which are numbers where the queue's type is one.
    var putsLines = false
    /// All that it puts, where the file lists it.
    var items: [ListedItem] = []
    /// `process 'read'`
    var owner: String
    var place: Place
  }

  let resources: [Resource]
  private(set) var writers: [Writer] = []
  private(set) var writersByChannel: [Channel: [Writer]] = [:]
  private(set) var types: [Channel: ItemTypes] = [:]

  init(_ processes: [BoundProcess], resources: [Resource], deadLetterPlaces: [ResourceID: Place]) {
    self.resources = resources
    for process in processes where process.isEnabled { addWriters(of: process) }
    addDeadLetters(deadLetterPlaces)
    writersByChannel = Dictionary(grouping: writers, by: \.channel)
    spread()
  }

  subscript(channel: Channel) -> ItemTypes { types[channel] ?? .none }

  func types(of writer: Writer) -> ItemTypes {
    guard let source = writer.follows else { return writer.types }
    return self[source].intersection(writer.types)
  }

  func declaredType(of channel: Channel) -> ItemType { resources[channel.resource.index].itemType ?? .any }

  // MARK: Writers

  private mutating func addWriters(of process: BoundProcess) {
    let declaration = process.declaration
    for binding in declaration.outputs {
      writers.append(writer(binding, of: process))
    }
    // Who holds an end by `use` may send anything.
    for use in declaration.uses {
      guard let end = use.target.end else { continue }
      let channel = Channel.pipe(use.target.resource, from: end)
      writers.append(
        Writer(channel: channel, types: .all, isSingleType: false, owner: process.owner, place: use.target.place))
    }
  }

  private func writer(_ binding: PortBinding, of process: BoundProcess) -> Writer {
    var writer = Writer(
      channel: Channel(binding.target, .writes), types: .all, isSingleType: false, owner: process.owner,
      place: binding.target.place)
    guard !process.isBroken, let port = process.signature?.outputs.first(where: { $0.name == binding.port }) else {
      return writer
    }
    guard case .kind = process.declaration.work else {
      writer.types = CommandSignature.outputTypes(
        process.declaration.arguments, into: declaredType(of: writer.channel))
      writer.isSingleType = writer.types != .all
      writer.putsLines = writer.isSingleType
      return writer
    }
    if let parameter = process.declaration.parameters.first(where: { $0.name == port.elementsOf }) {
      writer.items = parameter.elements
      writer.types = writer.items.reduce(.none) { $0.union($1.types) }
      return writer
    }
    writer.isSingleType = true
    writer.types = ItemTypes(putBy: port.types)
    if let input = process.declaration.inputs.first(where: { $0.port == port.typeFollowsInput }) {
      writer.follows = Channel(input.target, .reads)
    }
    return writer
  }

  private mutating func addDeadLetters(_ places: [ResourceID: Place]) {
    for (position, resource) in resources.enumerated() {
      guard case .queue(let queue) = resource.kind, let target = queue.deadLetterQueue else { continue }
      let id = ResourceID(position)
      writers.append(
        Writer(
          channel: .queue(target), types: .all, follows: .queue(id), isSingleType: false,
          owner: "queue '\(resource.name)'",
          place: places[id] ?? resource.place))
    }
  }

  // MARK: Flow

  /// Calls `update` for each writer, and again for those that follow a channel when an update changed it. What is
  /// updated only ever grows, and types are few: this ends.
  func propagate(_ update: (Writer) -> Bool) {
    let followers = Dictionary(grouping: writers.filter { $0.follows != nil }, by: { $0.follows })
    var pending = Array(writers.reversed())
    while let writer = pending.popLast() {
      if update(writer) { pending += followers[writer.channel] ?? [] }
    }
  }

  private mutating func spread() {
    for (position, resource) in resources.enumerated() {
      let id = ResourceID(position)
      if case .queue(let queue) = resource.kind, queue.isExternal { types[.queue(id)] = .all }
      guard let type = resource.itemType, type != .any else { continue }
      for channel in resource.channels(id) { types[channel] = .some([type]) }
    }
    var known = types
    propagate { writer in
      guard declaredType(of: writer.channel) == .any else { return false }
      let source = writer.follows.map { (known[$0] ?? .none).intersection(writer.types) } ?? writer.types
      let union = (known[writer.channel] ?? .none).union(source)
      if union == known[writer.channel] { return false }
      known[writer.channel] = union
      return true
    }
    types = known
  }
}

extension Resource {
  /// Of queues and pipes.
  var itemType: ItemType? {
    switch kind {
    case .queue(let queue): queue.itemType
    case .pipe(let pipe): pipe.itemType
    default: nil
    }
  }

  func channels(_ id: ResourceID) -> [Channel] {
    switch kind {
    case .queue: [.queue(id)]
    case .pipe(let pipe): pipe.isDuplex ? [.pipe(id, from: .a), .pipe(id, from: .b)] : [.pipe(id, from: .a)]
    default: []
    }
  }
}

/// One way that items go: a queue, or one direction of a pipe.
enum Channel: Hashable {
  case queue(ResourceID)
  case pipe(ResourceID, from: PipeEnd)

  var resource: ResourceID {
    switch self {
    case .queue(let id), .pipe(let id, _): id
    }
  }

  /// What a port that is bound to `reference` reads or writes.
  init(_ reference: ResourceReference, _ access: Access) {
    guard let end = reference.end else {
      self = .queue(reference.resource)
      return
    }
    self = .pipe(reference.resource, from: access == .writes ? end : end.other)
  }
}

extension PipeEnd {
  var other: PipeEnd { self == .a ? .b : .a }
}
