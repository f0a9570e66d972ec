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
    }

    /// Runs it to its end, unless that calls `exit`.
    func run(_ source: String, at place: Place) -> (WorkerEntry.Verdict, Int32) {
      let chunk = ScriptChunk(source: source, file: place.file, firstLine: place.line)
      let objects = ScriptBindings(process, context: context).objects()
      return withExtendedLifetime(objects) {
        do {
          let state = try ScriptState(memoryLimit: memoryLimit)
          try define(objects, in: state)
          try state.run(chunk)
          return concludeWell()
        } catch let failure as ScriptState.Failure {
          return conclude(after: failure)
        } catch {
          return fail(outOfMemory)
        }
      }
    }

    // MARK: The beginning

    private var memoryLimit: Int? { declaration.arguments.int(ScriptParameters.memory).map { Int($0) } }

    private func define(
      _ objects: [(name: String, object: any ScriptObject)], in state: ScriptState
    ) throws(ScriptState.OutOfMemory) {
      for type in ScriptObjects.all { try state.define(type) }
      for (name, object) in objects { try state.define(name, object) }
    }

    // MARK: The end

    private func concludeWell() -> (WorkerEntry.Verdict, Int32) {
      for input in context.inputs { input.conclude() }
      return (context.sawEndOfInput ? .inputEnded : .succeeded, 0)
    }

    private func conclude(after failure: ScriptState.Failure) -> (WorkerEntry.Verdict, Int32) {
      switch failure {
      case .outOfMemory: return fail(outOfMemory)
      case .error(let message): return fail(message)
      case .closed(let message):
        // As §… of all writers: nobody is left to read.
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
      return (.failed, 1)
    }
  }
#endif
