internal import Glibc
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology

/// A worker whose work is a command: starts it, pumps for it, ends as it does. Nothing that the command has started
/// outlives it.
final class CommandProcess {
  private let process: WorkerProcess
  private let declaration: ProcessDeclaration
  private let words: [String]
  private let place: Place
  private let worker: Worker
  private let format: CommandFormat
  private let repliesToEach: Bool
  private var feed: CommandFeed?
  private var harvest: CommandHarvest?

  init(_ process: WorkerProcess, _ words: [String], at place: Place) {
    self.process = process
    self.words = words
    self.place = place
    declaration = process.topology.processes[process.process]
    worker = Worker(process)
    format = declaration.arguments.string("format").flatMap(CommandFormat.init) ?? .lines
    repliesToEach = declaration.arguments.string("replies") == "each"
  }

  /// To its end; does not return where a signal has ended the command.
  func run() -> (WorkerEntry.Verdict, Int32) {
    do {
      try Command.endWithParent(getppid())
      let signals = try SignalDescriptor(Command.signals)
      let watchers = try watchers()
      process.arena.keepFromChildren()
      let pump = try pump(of: try start(), signals, watchers)
      let ending = try pump.run()
      // Also what has left its parents: this process is a subreaper. The watchers too.
      Command.endDescendants()
      // Signals stay blocked: what it has left in its pipe is put, whoever asks it to end, until the grace period is over.
      return try conclude(ending, pump)
    } catch {
      Command.endDescendants()
      return fail(error)
    }
  }

  // MARK: The start

  private func watchers() throws -> CommandPump.Watchers {
    let name = worker.instanceName
    return CommandPump.Watchers(
      items: declaration.inputs.isEmpty ? nil : try FutexWatcher(name: name),
      room: declaration.outputs.isEmpty ? nil : try FutexWatcher(name: name))
  }

  /// The command's process id.
  private func start() throws -> Int32 {
    CurrentProcess.ignore(SIGPIPE)
    // What the command gets is closed here as it has begun: only so does its end show.
    let input = try declaration.inputs.isEmpty ? nil : Pipe.numbers()
    let output = try declaration.outputs.isEmpty ? nil : Pipe.numbers()
    let pid = try execute(standardInput: input?.reading ?? 0, standardOutput: output?.writing ?? 1)
    worker.entry.commandProcessID = pid
    if let input {
      close(input.reading)
      let own = Descriptor(owning: input.writing)
      try own.setNonBlocking()
      feed = CommandFeed(worker.input, worker: worker, format: format, repliesToEach: repliesToEach, standardInput: own)
    }
    if let output, let outlet = worker.output {
      close(output.writing)
      let own = Descriptor(owning: output.reading)
      try own.setNonBlocking()
      harvest = CommandHarvest(
        outlet, worker: worker, format: format, answersTo: repliesToEach ? feed : nil,
        rejections: rejections, at: "\(place)", standardOutput: own)
    }
    return pid
  }

  private var rejections: Rejections? {
    guard repliesToEach, let feed, case .queue(let reader) = feed.port else { return nil }
    return Rejections(of: reader, in: process)
  }

  private func execute(standardInput: Int32, standardOutput: Int32) throws -> Int32 {
    do {
      return try Command.start(words, standardInput: standardInput, standardOutput: standardOutput)
    } catch {
      throw NotExecutable(error: error)
    }
  }

  private struct NotExecutable: Error {
    var error: Errno

    /// As a shell has it.
    var code: Int32 { error == .noSuchFileOrDirectory ? 127 : 126 }
  }

  private func pump(
    of pid: Int32, _ signals: SignalDescriptor, _ watchers: CommandPump.Watchers
  ) throws -> CommandPump {
    try CommandPump(
      of: pid, entry: worker.entry, declaration: declaration, signals: signals, feed: feed, harvest: harvest,
      watchers: watchers)
  }

  // MARK: The end

  private func conclude(
    _ ending: CommandPump.Ending, _ pump: CommandPump
  ) throws -> (WorkerEntry.Verdict, Int32) {
    defer { noteUnread() }
    switch pump.stop {
    case .readersEnded(let failed)?: return readersEnded(failed: failed)
    case .failure(let error)?: return fail(error)
    case nil: break
    }
    var isWhole = true
    if case .signalled = ending { isWhole = false }
    do {
      try harvest?.conclude(isWhole: isWhole)
    } catch let end as ReadersEnded {
      return readersEnded(failed: end.failed)
    }
    if let failure = pump.inputFailure { return fail(failure) }
    // An item that waits for its answer when the command fails is to blame; one that was not written yet is not.
    if !repliesToEach || ending == .exited(0) { feed?.stop() }
    report(isWhole: isWhole)
    switch ending {
    case .exited(0): return (feed?.inputEnd != nil ? .inputEnded : .succeeded, 0)
    case .exited(let code): return (.failed, code)
    case .signalled(let signal):
      worker.entry.conclude(.failed)
      noteUnread()
      Command.end(bySignal: signal)
    }
  }

  private func readersEnded(failed: Bool) -> (WorkerEntry.Verdict, Int32) {
    (.readersEnded(failed: failed), failed ? 1 : 0)
  }

  /// For the supervisor, which tells what is lost with a command.
  private func noteUnread() {
    guard let feed, !repliesToEach else { return }
    feed.stop()
    worker.entry.unreadByCommand = UInt64(feed.countUnread())
  }

  // MARK: What is said

  /// What is lost, or not as it should be.
  private func report(isWhole: Bool) {
    if let harvest, !isWhole, harvest.restByteCount > 0 {
      tell(
        .warning, "the last line that its command printed has no end (\(harvest.restByteCount) bytes): it is no item")
    }
    if feed?.inputEnd == .incomplete {
      tell(.warning, "its input is incomplete: a process that writes to it has failed")
    }
  }

  private enum Severity: String { case error, warning }

  private func tell(_ severity: Severity, _ message: String, help: String? = nil) {
    let words = "\(place): \(severity.rawValue): process '\(worker.instanceName)': \(message)"
    process.report(help.map { "\(words)\n  = help: \($0)" } ?? words, severity == .error ? .error : .warning)
  }

  private func fail(_ error: any Error) -> (WorkerEntry.Verdict, Int32) {
    switch error {
    case let error as NotExecutable:
      tell(.error, "its command '\(words.first ?? "")' can't be executed: \(error.error)", help: advice(error.error))
      return (.failedForGood, error.code)
    case let failure as CommandFailure:
      tell(.error, failure.message, help: failure.help)
      return (.failed, 1)
    default:
      tell(.error, "\(error)")
      return (.failed, 1)
    }
  }

  private func advice(_ error: Errno) -> String {
    let command = words.first ?? ""
    switch error {
    case .noSuchFileOrDirectory where command.contains("/"):
      return "the path is relative to the process's working folder; a script's first line names its interpreter"
    case .noSuchFileOrDirectory:
      let path = getenv("PATH").map { String(cString: $0) } ?? ""
      let asString =
        command.contains(" ") ? "; 'run: [command, argument]' is a list, 'run: command argument' a shell's line" : ""
      return "no folder of PATH has it (\(path)): install it, or write its path\(asString)"
    case .permissionDenied: return "make it executable: 'chmod +x \(command)'"
    default: return "a program or a script with '#!' in its first line can be executed"
    }
  }
}

/// Ends a `run:` process as failed, of mporch's own decision: told in the form of a diagnostic, with the process and its
/// place before it.
struct CommandFailure: Error {
  var message: String
  var help: String
  /// Another life would fail the same way.
  var isForGood = false
}

/// Why the pump has a command end before it does so by itself.
enum CommandStop {
  /// Nobody reads what it prints any more.
  case readersEnded(failed: Bool)
  case failure(any Error)
}
