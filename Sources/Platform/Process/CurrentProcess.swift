internal import CPlatform
internal import Glibc
package import SystemPackage

/// What a process sets about itself.
package enum CurrentProcess {
  /// A session of its own: no terminal can stop or hang it up.
  package static func startSession() { _ = setsid() }

  /// After a fork: a session of its own, no signal blocked but that of a `CommandOrder`, and an end with its parent. SIGXFSZ stays ignored: a file that
  /// may not grow is an error that this process tells of; but a pipe that nobody reads ends it.
  package static func becomeChild(of parent: Int32) {
    startSession()
    restoreDefault(SIGPIPE)
    unblockSignals()
    setParentDeathSignal(SIGKILL)
    // It may have died before the line above.
    if getppid() != parent { _exit(1) }
  }

  /// Orphans of its descendants become its children.
  package static func becomeSubreaper() throws(Errno) { try shim { mporch_become_subreaper() } }

  /// To be followed by a look at `getppid`: the parent may be gone already.
  package static func setParentDeathSignal(_ signal: Int32) { _ = mporch_set_parent_death_signal(signal) }

  /// The first 15 bytes show in `ps` and `top`.
  package static func setName(_ name: String) { _ = mporch_set_process_name(name) }

  /// To write to where nobody reads, or more than a file may hold, is an error of the write, and no more.
  package static func ignoreFailingWrites() {
    ignore(SIGPIPE)
    ignore(SIGXFSZ)
  }

  package static func ignore(_ signal: Int32) { _ = Glibc.signal(signal, SIG_IGN) }

  /// Ends this process with exit code 1, for want of something without which nothing can go on. A trap would end it
  /// without a word.
  package static func giveUp(_ reason: String) -> Never {
    var line = "mporch: error: \(reason)\n"
    line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    _exit(1)
  }

  /// Default actions, nothing blocked but the signal of a `CommandOrder`.
  package static func resetSignals() { mporch_reset_signals() }

  package static func unblockSignals() { mporch_unblock_signals() }

  /// Each of these ends this process with the exit code that a shell would have for it.
  package static func leave(on signals: [Int32]) { mporch_leave_on_signals(signals, Int32(signals.count)) }

  /// As Ctrl-Z does, for a process that blocks SIGTSTP; returns when it goes on.
  package static func stop() { mporch_stop_self() }

  package static func restoreDefault(_ signal: Int32) { _ = Glibc.signal(signal, SIG_DFL) }

  /// If a signal ends it.
  package static func leaveNoCore() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }

  package static func blockAllSignals() { mporch_block_all_signals() }

  package static func setNiceness(_ niceness: Int) throws(Errno) {
    try shim { mporch_set_niceness(Int32(clamping: niceness)) }
  }

  package static func setProcessors(_ processors: [Int]) throws(Errno) {
    let numbers = processors.map { Int32(clamping: $0) }
    try shim { mporch_set_processors(numbers, Int32(numbers.count)) }
  }

  package static func changeDirectory(to path: String) throws(Errno) { try syscall { chdir(path) } }

  /// Once, by the system, whatever this process does then.
  package static func send(_ signal: Int32, after delay: Duration) throws(Errno) {
    let (seconds, attoseconds) = delay.components
    // A timer of nothing is one that is not set.
    let nanoseconds = delay > .zero ? max(1, attoseconds / 1_000_000_000) : 1
    try shim { mporch_signal_self_after(signal, max(0, seconds), nanoseconds) }
  }

  /// Puts `number` where a standard stream is expected.
  package static func redirect(_ standardStream: Int32, to number: Int32) throws(Errno) {
    try syscall { dup2(number, standardStream) }
  }

  /// Where a standard stream is closed, the next descriptor would be taken for it.
  package static func openMissingStandardStreams() {
    for stream: Int32 in 0...2 where fcntl(stream, F_GETFD) < 0 {
      // Open gives the lowest number that is free: this one. Its children are to have it.
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// For one that only watches over another one: out of reach of keys and signals, and with no descriptor but these, which
  /// are above 2.
  package static func standBy(as name: String, keeping leash: Int32, _ other: Int32? = nil) {
    startSession()
    blockAllSignals()
    setName(name)
    if let null = try? Descriptor.devNull() {
      for stream: Int32 in 0...2 { try? redirect(stream, to: null.number) }
    }
    closeDescriptors(except: leash, other)
  }

  /// Closes every descriptor from 3 but these. No array: a worker does it, and each page that it is the first to touch
  /// after its fork is a fault.
  package static func closeDescriptors(except kept: Int32? = nil, _ other: Int32? = nil) {
    let (low, high) = (min(kept ?? .max, other ?? .max), max(kept ?? -1, other ?? -1))
    guard high >= 3 else { return close(from: 3, below: .max) }
    close(from: 3, below: low)
    close(from: low + 1, below: high)
    close(from: high + 1, below: .max)
  }

  private static func close(from first: Int32, below end: Int32) {
    if first < end { _ = mporch_close_range(UInt32(max(3, first)), end == .max ? .max : UInt32(end) - 1) }
  }
}

extension CurrentProcess {
  /// Becomes the program that `command` names, found in PATH unless it is a path; returns only why it could not.
  package static func execute(_ command: [String]) -> Errno {
    let words = command.map { strdup($0) } + [nil]
    guard let program = words[0] else { return .invalidArgument }
    // A program of the user's begins as a shell would have it begin.
    mporch_reset_signals_of_program()
    execvp(program, words)
    return Errno(rawValue: errno)
  }
}
