#if Lua
  internal import Sharing
  internal import Topology

  /// All sorts of objects that scripts may have.
  enum ScriptObjects {
    static var all: [any ScriptObject.Type] { [ScriptQueue.self] }
  }

  /// A worker's resources as the objects of its script, by name.
  struct ScriptBindings {
    let process: WorkerProcess
    let bindings: Bindings
    let context: ScriptContext

    init(_ process: WorkerProcess, context: ScriptContext) {
      self.process = process
      self.context = context
      bindings = Bindings(process)
    }

    func objects() -> [(name: String, object: any ScriptObject)] {
      var objects: [(name: String, object: any ScriptObject)] = []
      for (port, lanes) in bindings.outputs { objects.append((port, output(port, lanes))) }
      for (port, target, type) in bindings.inputs where !bindings.outputs.contains(where: { $0.port == port }) {
        objects.append((port, input(port, target, type, lanes: [])))
      }
      return objects.map { (LuaNames.identifier(of: $0.name), $0.object) }
    }

    /// What is read under the same name is one object with it.
    private func output(_ port: String, _ lanes: [Outlet.Lane]) -> any ScriptObject {
      if let (_, target, type) = bindings.inputs.first(where: { $0.port == port }) {
        return input(port, target, type, lanes: lanes)
      }
      let name = lanes.count == 1 ? lanes[0].resourceName : port
      return ScriptQueue(
        resourceName: name, input: nil, output: ScriptOutput(lanes, context: context), context: context)
    }

    private func input(
      _ port: String, _ target: InputPort, _ type: ItemType, lanes: [Outlet.Lane]
    ) -> any ScriptObject {
      let name = bindings.name(of: target.resource)
      let output = lanes.isEmpty ? nil : ScriptOutput(lanes, context: context)
      guard case .queue(let reader) = target else { preconditionFailure("pipes come next") }
      let input = ScriptInput(reader, type: type, context: context)
      context.inputs.append(input)
      return ScriptQueue(resourceName: name, input: input, output: output, context: context)
    }
  }
#endif
