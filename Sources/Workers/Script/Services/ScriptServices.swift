#if Lua
  internal import Glibc
  internal import Sharing
  internal import Topology

  /// The queues between a script and the services of its run, and what of them stands in Lua.
  struct ScriptServices {
    private let topology: Topology
    private let process: WorkerProcess
    private let context: ScriptContext
    /// The state knows objects by reference alone.
    private(set) var objects: [ScriptQueue] = []

    init(_ process: WorkerProcess, context: ScriptContext) {
      topology = process.topology
      self.process = process
      self.context = context
    }

    /// What this process is for others, if mporch has added it.
    var ownService: Service? { topology.service(runBy: process.process) }

    // MARK: The calling side

    /// Defines the managed objects and pools that the file gives this process.
    mutating func defineProxies(in state: ScriptState) throws(ScriptState.OutOfMemory) {
      let uses = topology.processes[process.process].uses
      for service in topology.services {
        guard let number = service.client(process: process.process, replica: process.replica) else { continue }
        let served = uses.filter { service.serves($0.target.resource.index, of: topology) }
        try defineClient(number, of: service, in: state)
        switch service.role {
        case .managedObjects:
          try state.define("mporch_objects", .list(served.map(description)))
          try state.define(prelude: Scripting.managedProxies)
        case .pool:
          for (index, use) in served.enumerated() {
            if index > 0 { try defineClient(number, of: service, in: state) }
            try state.define("mporch_pool_name", .string(LuaNames.identifier(of: use.name)))
            try state.define(prelude: Scripting.poolCaller)
          }
        }
      }
    }

    private mutating func defineClient(
      _ number: Int, of service: Service, in state: ScriptState
    ) throws(ScriptState.OutOfMemory) {
      try state.define("number", in: "mporch_client", .int(Int64(number)))
      try state.define("server", in: "mporch_client", .string(topology.processes[service.process].name))
      if case .pool(let id) = service.role, case .pool(let pool) = topology.resources[id.index].kind {
        try state.define("size", in: "mporch_client", .int(Int64(pool.size)))
        try state.define("is_renewed", in: "mporch_client", .bool(pool.maxTasksPerWorker != nil))
        try state.define("max_deliveries", in: "mporch_client", .int(Int64(pool.maxDeliveries)))
      }
      try define("send", in: "mporch_client", writing: service.requests, state)
      try define("replies", in: "mporch_client", reading: service.clients[number].replies, state)
    }

    /// A managed object as its proxy is made of: roots have their numbers in order of declaration.
    private func description(_ use: UseBinding) -> Item {
      let index = use.target.resource.index
      let number = topology.resources[..<index].count { $0.kind.isManaged } + 1
      guard case .managed(let type, _) = topology.resources[index].kind else { return .null }
      return .map([
        Item.Entry("name", .string(LuaNames.identifier(of: use.name))), Item.Entry("sort", .string(type.rawValue)),
        Item.Entry("id", .int(Int64(number))),
      ])
    }

    // MARK: The serving side

    mutating func define(_ service: Service, in state: ScriptState) throws(ScriptState.OutOfMemory) {
      try define("requests", in: "mporch_service", reading: service.requests, state)
      // Numbers as keys would make a map: the list is made in Lua.
      try state.define(prelude: "mporch_service.replies, mporch_service.tools = {}, select(2, ...)")
      for replies in service.clients.map(\.replies) + [service.supervisorsReplies].compactMap(\.self) {
        try define("last", in: "mporch_service", writing: replies, state)
        try state.define(prelude: "table.insert(mporch_service.replies, mporch_service.last)")
      }
      switch service.role {
      case .managedObjects: try state.define("roots", in: "mporch_service", .list(roots))
      case .pool(let id):
        guard case .pool(let pool) = topology.resources[id.index].kind else { return }
        try state.define("task_limit", in: "mporch_service", pool.maxTasksPerWorker.map { .int(Int64($0)) } ?? .null)
      }
    }

    private var roots: [Item] {
      topology.resources.compactMap { resource in
        guard case .managed(let type, let initial) = resource.kind else { return nil }
        let value = initial.map { Item($0) } ?? (type == .list ? .list([]) : .map([]))
        return .map([Item.Entry("sort", .string(type.rawValue)), Item.Entry("initial", value)])
      }
    }

    // MARK: Queues

    private mutating func define(
      _ name: String, in table: String, reading resource: ResourceID, _ state: ScriptState
    ) throws(ScriptState.OutOfMemory) {
      let reader = process.arena.queueReader(resource.index, worker: process.worker)!
      let input = ScriptInput(reader, type: .any, context: context)
      context.conclusions.append { input.conclude() }
      let queue = ScriptQueue(
        resourceName: topology.resources[resource.index].name, input: input, output: nil, context: context)
      try state.define(name, in: table, keep(queue))
    }

    private mutating func define(
      _ name: String, in table: String, writing resource: ResourceID, _ state: ScriptState
    ) throws(ScriptState.OutOfMemory) {
      let writer = process.arena.queueWriter(resource.index, worker: process.worker)!
      let port = OutputPort.queue(writer)
      let lane = Outlet.Lane(
        port: port, type: .any, buffer: RecordBuffer(format: port.format),
        resourceName: topology.resources[resource.index].name)
      let queue = keep(
        ScriptQueue(
          resourceName: lane.resourceName, input: nil, output: ScriptOutput([lane], context: context), context: context)
      )
      try state.define(name, in: table, context: queue) {
        serve($0) { (queue: ScriptQueue, call) in try queue.offer(&call) }
      }
    }

    private mutating func keep(_ queue: ScriptQueue) -> ScriptQueue {
      objects.append(queue)
      return queue
    }
  }
#endif
