#if Lua
  internal import Glibc
  internal import Sharing
  internal import Topology

  /// A worker whose work is a script: its state, its life, its end.
  final class ScriptProcess {
    private let process: WorkerProcess
    private let declaration: ProcessDeclaration
    private let context: ScriptContext

    init(_ process: WorkerProcess) {
      self.process = process
      declaration = process.topology.processes[process.process]
      context = ScriptContext(arena: process.arena, worker: process.worker)
      context.fileName = declaration.place.file
    }

    /// What the process was made for: a script, or a kind as a pool's function.
    enum Work {
      case script(ScriptChunk)
      case function(KindFunction)
    }

    /// Runs it to its end, unless that calls `exit`.
    func run(_ work: Work) -> (WorkerEntry.Verdict, Int32) {
      let objects = ScriptBindings(process, context: context).objects()
      var services = ScriptServices(process, context: context)
      let globals = ScriptGlobals(context) { [self] in leave($0) }
      do {
        // The state knows its objects by reference alone; `services` gets more of them.
        defer { withExtendedLifetime((objects, globals, services, work)) {} }
        do {
          // The state ends here: files that the script left open are closed, and its finalizers have run.
          let state = try ScriptState(memoryLimit: memoryLimit)
          try define(objects, globals, in: state)
          try services.defineProxies(in: state)
          if case .script(let chunk) = work {
            context.callLine = { [unowned state] in state.callLine(in: chunk) }
          }
          defer { context.callLine = { 0 } }
          if let service = services.ownService {
            try services.define(service, in: state)
            try serve(service, work, in: state)
          } else if case .script(let chunk) = work {
            try state.run(chunk)
          }
        }
        return concludeWell()
      } catch let failure as ScriptState.Failure {
        return conclude(after: failure)
      } catch {
        return fail(outOfMemory)
      }
    }

    /// The life of a process that mporch has added to the run.
    private func serve(_ service: Service, _ work: Work, in state: ScriptState) throws {
      switch (service.role, work) {
      case (.managedObjects, .script(let chunk)):
        // It is for others as long as they live; the end of the run is told by SIGTERM.
        signal(SIGINT, SIG_IGN)
        try state.run(ScriptChunk(text: chunk.text, name: Self.ownChunk))
      case (.pool, .script(let chunk)):
        try state.define("source", in: "mporch_service", .string(chunk.text))
        try state.define("chunk", in: "mporch_service", .string(chunk.name))
        try state.run(ScriptChunk(text: Scripting.poolWorker, name: Self.ownChunk))
      case (.pool, .function(let function)):
        try function.define("kind", in: "mporch_service", of: state)
        try state.run(ScriptChunk(text: Scripting.poolWorker, name: Self.ownChunk))
      case (.managedObjects, .function): break
      }
    }

    private static let ownChunk = "=[mporch]"

    // MARK: The beginning

    private var memoryLimit: Int? { declaration.arguments.int(Scripting.memoryParameter).map { Int($0) } }

    private func define(
      _ objects: [ScriptBindings.Named], _ globals: ScriptGlobals, in state: ScriptState
    ) throws(ScriptState.OutOfMemory) {
      for type in ScriptObjects.all { try state.define(type) }
      try globals.define(in: state)
      for (name, object) in objects { try state.define(name, object) }
      try state.define("name", in: "process", .string(declaration.name))
      try state.define("instance", in: "process", .string("\(declaration.name)-\(process.replica)"))
      try state.define("replica", in: "process", .int(Int64(process.replica)))
      try state.define("replicas", in: "process", .int(Int64(declaration.replicas)))
      try state.define("pid", in: "process", .int(Int64(getpid())))
      let arguments = declaration.parameters.map { Item.Entry($0.name, Item($0.value)) }
      try state.define("args", .map(arguments))
    }

    // MARK: The end

    private func concludeWell() -> (WorkerEntry.Verdict, Int32) {
      for conclude in context.conclusions { conclude() }
      return (context.sawEndOfInput ? .inputEnded : .succeeded, 0)
    }

    /// `exit(code)`: within the call, so that nothing of the script runs any more.
    private func leave(_ code: Int32) -> Never {
      let verdict = code == 0 ? concludeWell().0 : .failed
      fflush(nil)
      process.arena.entry(process.worker).conclude(verdict)
      _exit(code)
    }

    private func conclude(after failure: ScriptState.Failure) -> (WorkerEntry.Verdict, Int32) {
      switch failure {
      case .outOfMemory: return fail(outOfMemory)
      case .error(let message): return fail(message)
      case .closed(let message):
        // Nobody is left to read: a good end, if the readers had one.
        if case .ended(let failed) = context.closedReaders { return (.readersEnded(failed: failed), failed ? 1 : 0) }
        return fail(message)
      }
    }

    private var outOfMemory: String {
      let name = "script of '\(declaration.name)': not enough memory"
      return memoryLimit.map { "\(name): it may use \($0) bytes (with: {memory: …})" } ?? name
    }

    private func fail(_ message: String) -> (WorkerEntry.Verdict, Int32) {
      process.report(message)
      // A pool's script that does not get as far as its function would not in another life either.
      let isPoolWorker = process.topology.service(runBy: process.process) != nil
      return (isPoolWorker ? .failedForGood : .failed, 1)
    }
  }
#endif
