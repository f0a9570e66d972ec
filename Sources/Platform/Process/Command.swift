internal import CPlatform
internal import Glibc
package import SystemPackage

/// A program of the user's, below a process that lives for it alone.
package enum Command {
  /// From now on, when `supervisor`, this process's parent, dies, all that this process has started is killed and then
  /// it ends, whatever it is at.
  package static func endWithParent(_ supervisor: Int32) throws(Errno) {
    try CurrentProcess.becomeSubreaper()
    try shim { mporch_end_with_parent(supervisor) }
  }

  /// Starts a program with its arguments, in a group of its own, with nothing open but the two streams and this
  /// process's standard error. Gives its process id; an error where it can't be executed.
  package static func start(
    _ words: [String], standardInput: Int32, standardOutput: Int32
  ) throws(Errno) -> Int32 {
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    return try shim { mporch_start_command(arguments, standardInput, standardOutput) }
  }

  /// Kills all descendants and waits until none is left: of a subreaper.
  package static func endDescendants() { mporch_end_descendants() }

  /// Ends the zombie of the command, whose group may be another's from then on.
  package static func reap(_ command: Int32) {
    mporch_forget_command_group()
    ChildProcess.reap(command)
  }

  /// Every signal but those that can't be had, the one that tells of the parent's death, and SIGPIPE.
  package static let signals: [Int32] = {
    // 32 and 33 are the C library's own.
    let own: Set<Int32> = [SIGKILL, SIGSTOP, SIGPIPE, 32, 33, mporch_parent_death_signal()]
    return (1...64).filter { !own.contains($0) }
  }()

  /// This process ends as one that `signal` has ended, and leaves no core.
  package static func end(bySignal signal: Int32) -> Never {
    CurrentProcess.leaveNoCore()
    CurrentProcess.resetSignals()
    kill(getpid(), signal)
    // It ended the command, so it ends this process: unless the signal is still under way.
    while true { pause() }
  }
}
