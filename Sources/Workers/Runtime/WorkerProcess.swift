internal import Glibc
package import Platform
package import Sharing
package import Topology

/// The life of a worker after the fork: everything that a kind needs, then its end.
package struct WorkerProcess {
  package var topology: Topology
  /// Index into `topology.processes`.
  package var process: Int
  /// From 1.
  package var replica: Int
  /// Index into the arena's worker table.
  package var worker: Int
  package var arena: Arena
  /// Descriptors of the standard streams of `mporch up`, if this worker was given them.
  package var upStandardInput: Int32?
  package var upStandardOutput: Int32?
  /// Where it leaves mporch's own words about it; `nil`: on its standard error.
  package var words: SharedNotes?

  package init(
    topology: Topology, process: Int, replica: Int, worker: Int, arena: Arena, upStandardInput: Int32?,
    upStandardOutput: Int32?, words: SharedNotes?
  ) {
    self.topology = topology
    self.process = process
    self.replica = replica
    self.worker = worker
    self.arena = arena
    self.upStandardInput = upStandardInput
    self.upStandardOutput = upStandardOutput
    self.words = words
  }

  /// Runs the kind in this process and exits it. The child has its own session, signal mask and descriptors already.
  package func run(kinds: [any Kind.Type]) -> Never {
    let (verdict, code) = outcome(kinds)
    arena.entry(self.worker).conclude(verdict)
    // Not exit(): what the supervisor registered for its own end must not run here.
    _exit(code)
  }

  private func outcome(_ kinds: [any Kind.Type]) -> (WorkerEntry.Verdict, Int32) {
    switch topology.processes[process].work {
    case .command(let words, let place):
      return CommandProcess(self, words, at: place).run()
    case .script(let script):
      arena.keepFromChildren()
      return Scripting.run(script, in: self)
    case .kind:
      arena.keepFromChildren()
      let worker = Worker(self)
      defer { worker.flushLog() }
      return outcome(of: worker, kinds)
    }
  }

  private func outcome(of worker: Worker, _ kinds: [any Kind.Type]) -> (WorkerEntry.Verdict, Int32) {
    let declaration = topology.processes[process]
    do {
      guard case .kind(let name, _) = declaration.work, let kind = kinds.first(where: { $0.signature.name == name })
      else { throw KindFailure("'\(declaration.name)' has no kind that this version can run") }
      let arguments = Arguments(
        Dictionary(declaration.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }))
      if topology.service(runBy: process) != nil { return try Scripting.serve(kind, arguments, in: self) }
      var instance = try kind.init(arguments)
      try instance.run(worker)
      try worker.conclude()
      if worker.inputIsIncomplete {
        switch kind.signature.answers {
        case .sink: tellIncompleteInput(of: worker)
        case .itemByItem: worker.passOnIncompleteness()
        case .source, .atEnd, .none: break
        }
      }
      return (declaration.inputs.isEmpty ? .succeeded : .inputEnded, 0)
    } catch let end as ReadersEnded {
      worker.flushLog()
      return (.readersEnded(failed: end.failed), end.failed ? 1 : 0)
    } catch let exit as KindExit {
      try? worker.conclude()
      return (exit.code == 0 ? .succeeded : .failed, exit.code)
    } catch {
      worker.flushLog()
      report(error, of: worker)
      return ((error as? KindFailure)?.isForGood == true ? .failedForGood : .failed, 1)
    }
  }

  private func tellIncompleteInput(of worker: Worker) {
    guard case .kind(_, let place) = topology.processes[process].work else { return }
    report(
      "\(place): warning: process '\(worker.instanceName)': its input is incomplete, a process that writes to it failed; "
        + "what came before is done", .warning)
  }

  private func report(_ error: any Error, of worker: Worker) {
    guard case .kind(_, let place) = topology.processes[process].work else { return }
    let failure = error as? KindFailure
    report(
      "\(place): error: process '\(worker.instanceName)': \(failure?.message ?? "\(error)")"
        + (failure?.help.map { "\n  = help: \($0)" } ?? ""))
  }

  /// Says `message`, which is in the form of a diagnostic, as mporch's own words.
  package func report(_ message: String, _ severity: OwnWords.Severity = .error) {
    if let words { return OwnWords(severity: severity, text: message).leave(to: words, worker: worker) }
    var line = message + "\n"
    line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
  }
}
