#if Lua
  internal import Sharing
  internal import Topology

  /// A worker's resources as the objects of its script, by name.
  struct ScriptBindings {
    private let process: WorkerProcess
    private let bindings: Bindings
    private let context: ScriptContext

    typealias Named = (name: String, object: any ScriptObject)

    init(_ process: WorkerProcess, context: ScriptContext) {
      self.process = process
      self.context = context
      bindings = Bindings(process)
    }

    func objects() -> [Named] {
      let ports = Set(bindings.outputs.map(\.port)).union(bindings.inputs.map(\.port))
      let objects = ports.sorted().map { ($0, port($0)) } + bindings.uses.compactMap(use)
      return objects.map { (LuaNames.identifier(of: $0.0), $0.1) }
    }

    // MARK: Ports

    /// What is read and written under one name is one object.
    private func port(_ port: String) -> any ScriptObject {
      let lanes = bindings.outputs.first { $0.port == port }?.lanes ?? []
      let ports = lanes.map(\.port)
      context.conclusions.append { [unowned context] in
        if context.sawIncompleteInput { for port in ports { port.tellIncomplete() } }
      }
      let input = bindings.inputs.first { $0.port == port }
      if case .pipe(let pipe)? = input?.target {
        return pipeEnd(pipe.resource, incoming: (pipe, input!.type), outgoing: lanes.first)
      }
      if input == nil, lanes.count == 1, case .pipe(let pipe) = lanes[0].port {
        return pipeEnd(pipe.resource, incoming: nil, outgoing: lanes[0])
      }
      return queue(port, input.map { ($0.target, $0.type) }, lanes)
    }

    private func queue(
      _ port: String, _ input: (target: InputPort, type: ItemType)?, _ lanes: [Outlet.Lane]
    ) -> ScriptQueue {
      var reading: ScriptInput?
      if let input, case .queue(let reader) = input.target {
        let input = ScriptInput(
          reader, type: input.type, context: context, rejections: Rejections(of: reader, in: process))
        context.conclusions.append { input.conclude() }
        reading = input
      }
      let name =
        input.map { bindings.name(of: $0.target.resource) } ?? (lanes.count == 1 ? lanes[0].resourceName : port)
      return ScriptQueue(
        resourceName: name, input: reading, output: lanes.isEmpty ? nil : ScriptOutput(lanes, context: context),
        context: context)
    }

    private func pipeEnd(
      _ resource: Int, incoming: (pipe: PipeDirection, type: ItemType)?, outgoing: Outlet.Lane?
    ) -> ScriptPipeEnd {
      var sending: ScriptPipeEnd.Direction?
      if let outgoing, case .pipe(let pipe) = outgoing.port { sending = .init(pipe, outgoing.type) }
      let end = ScriptPipeEnd(
        resourceName: bindings.name(of: resource), incoming: incoming.map { .init($0.pipe, $0.type) },
        outgoing: sending, context: context)
      context.conclusions.append { end.conclude() }
      return end
    }

    // MARK: What it uses

    private func use(_ use: UseBinding) -> (String, any ScriptObject)? {
      object(of: use.target).map { (use.name, $0) }
    }

    /// `nil`: what this version can't run, and refuses before.
    private func object(of target: ResourceReference) -> (any ScriptObject)? {
      let index = target.resource.index
      if case .pipe = bindings.kind(of: index) {
        guard let (port, type) = bindings.lookup.input(target), case .pipe(let pipe) = port else { return nil }
        return pipeEnd(index, incoming: (pipe, type), outgoing: bindings.lookup.output(target))
      }
      let resource = UsedResource(
        index: index, name: bindings.name(of: index), kind: bindings.kind(of: index), arena: process.arena,
        worker: process.worker, context: context, nameOfResource: bindings.name)
      return ScriptObjects.used.lazy.compactMap { $0.init(resource) }.first
    }
  }
#endif
