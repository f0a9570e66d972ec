/// Signals by the names that a shell knows them by, as Linux numbers them on every architecture that Swift runs on.
package enum SignalName {
  /// From number 1.
  package static let all = [
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
    "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN",
    "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
  ]

  /// `SIGKILL`; `nil` for one without a name.
  package static func name(of number: Int32) -> String? {
    all.indices.contains(Int(number) - 1) ? all[Int(number) - 1] : nil
  }

  /// Takes `9`, `KILL`, `SIGKILL`, in any case.
  package static func number(of text: String) -> Int32? {
    if let number = Int32(text) { return (1...64).contains(number) ? number : nil }
    let name = text.uppercased()
    let full = name.hasPrefix("SIG") ? name : "SIG" + name
    return all.firstIndex(of: full).map { Int32($0 + 1) }
  }

  /// `signal 9 (SIGKILL)`.
  package static func words(for number: Int32) -> String {
    "signal \(number)" + (name(of: number).map { " (\($0))" } ?? "")
  }
}
