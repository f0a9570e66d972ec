internal import Glibc
internal import Platform

/// What tells the processes of one run from all others, whoever has started them: a variable in the environment that
/// each begins with. The supervisor is started with it, so all that comes from there has it.
package enum RunMark {
  package static let variable = "MPORCH_RUN"

  /// For the run whose supervisor this process starts next.
  package static func renew() {
    setenv(variable, String(UInt64.random(in: 1 ... .max), radix: 16), 1)
  }

  /// Of the run that this process belongs to; empty: of none.
  static var own: String { getenv(variable).map { String(cString: $0) } ?? "" }
}

extension RunStatus {
  /// Ends what is left of the run's processes, after those that were to do it are dead. `leaders`: each began a session.
  func endStragglers(leaders: [Int32] = []) {
    if mark.isEmpty { return }
    var stragglers = Stragglers(variable: RunMark.variable, value: mark, leaders: leaders)
    stragglers.end()
  }

  /// Whether the process is one of the run's, and has its environment as it began with it.
  func owns(_ pid: Int32) -> Bool { Stragglers.isMarked(pid, variable: RunMark.variable, value: mark) }
}
