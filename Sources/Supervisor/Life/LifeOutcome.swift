internal import Glibc
internal import Platform
internal import Sharing
internal import Text

/// How one life of an instance ended.
enum LifeOutcome: Equatable {
  /// `byEndOfStream`: as its input ended, or its readers had all succeeded.
  case succeeded(byEndOfStream: Bool)
  case failed(reason: String)
}

extension LifeOutcome {
  /// From how the process left, and what it said itself before. `complaint`: the last error of its own words.
  /// `memoryRanOut`: the system has killed for that in the meantime, whomever.
  init(
    _ ending: Ending, verdict: WorkerEntry.Verdict?, complaint: String? = nil, isBuiltInKind: Bool,
    memoryRanOut: Bool = false
  ) {
    switch (ending, verdict) {
    case (.signalled(SIGKILL), _) where memoryRanOut:
      let words = Self.words(forSignal: SIGKILL, isBuiltInKind: isBuiltInKind)
      self = .failed(reason: "\(words); the system has killed for want of memory meanwhile, as 'dmesg' says")
    case (.signalled(let signal), _):
      self = .failed(reason: Self.words(forSignal: signal, isBuiltInKind: isBuiltInKind))
    case (.exited, .readersEnded(failed: false)):
      self = .succeeded(byEndOfStream: true)
    case (.exited, .readersEnded(failed: true)):
      self = .failed(reason: "ended because a process that reads what it writes has failed")
    case (.exited(0), .inputEnded):
      self = .succeeded(byEndOfStream: true)
    case (.exited(0), _):
      self = .succeeded(byEndOfStream: false)
    case (.exited(let code), .failedForGood):
      self = .failed(
        reason: "exited with code \(code), which another start could not change: \(complaint ?? "see its log")")
    case (.exited(let code), _):
      self = .failed(reason: "exited with code \(code)" + (complaint.map { ": \($0)" } ?? ""))
    }
  }

  private static func words(forSignal signal: Int32, isBuiltInKind: Bool) -> String {
    // Swift's runtime checks (overflow, index out of range) end the process with an illegal instruction. So may someone
    // who sends the signal: what it means is said, not that it was so.
    let meaning = signal == SIGILL && isBuiltInKind ? ": in a built-in kind a Swift runtime check, see its log" : ""
    return "was ended by \(SignalName.words(for: signal))\(meaning)"
  }
}

extension Ending {
  init(_ death: ChildProcess.Death) {
    self = death.isSignalled ? .signalled(death.status) : .exited(death.status)
  }
}
