internal import Glibc

/// Signals by the names that a shell knows them by.
package enum SignalName {
  private static let names: [(name: String, number: Int32)] = [
    ("SIGHUP", SIGHUP), ("SIGINT", SIGINT), ("SIGQUIT", SIGQUIT), ("SIGILL", SIGILL), ("SIGTRAP", SIGTRAP),
    ("SIGABRT", SIGABRT), ("SIGBUS", SIGBUS), ("SIGFPE", SIGFPE), ("SIGKILL", SIGKILL), ("SIGUSR1", SIGUSR1),
    ("SIGSEGV", SIGSEGV), ("SIGUSR2", SIGUSR2), ("SIGPIPE", SIGPIPE), ("SIGALRM", SIGALRM), ("SIGTERM", SIGTERM),
    ("SIGCHLD", SIGCHLD), ("SIGCONT", SIGCONT), ("SIGSTOP", SIGSTOP), ("SIGTSTP", SIGTSTP), ("SIGTTIN", SIGTTIN),
    ("SIGTTOU", SIGTTOU), ("SIGURG", SIGURG), ("SIGXCPU", SIGXCPU), ("SIGXFSZ", SIGXFSZ), ("SIGVTALRM", SIGVTALRM),
    ("SIGPROF", SIGPROF), ("SIGWINCH", SIGWINCH), ("SIGIO", SIGIO), ("SIGPWR", SIGPWR), ("SIGSYS", SIGSYS),
  ]

  /// `SIGKILL`; `nil` for one without a name.
  package static func name(of number: Int32) -> String? {
    names.first { $0.number == number }?.name
  }

  /// Takes `9`, `KILL`, `SIGKILL`, in any case.
  package static func number(of text: String) -> Int32? {
    if let number = Int32(text) { return (1...64).contains(number) ? number : nil }
    let name = text.uppercased()
    return names.first { $0.name == name || $0.name.dropFirst(3) == name }?.number
  }
}

extension SignalName {
  /// `signal 9 (SIGKILL)`.
  package static func words(for number: Int32) -> String {
    "signal \(number)" + (name(of: number).map { " (\($0))" } ?? "")
  }
}
