/// Signals by name and number, as Linux has them on every architecture that Swift runs on.
package enum SignalNumber {
  /// From number 1.
  package static let names = [
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
    "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN",
    "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
  ]

  package static let range: ClosedRange<Int32> = 1...64

  /// `SIGTERM`, `TERM`, `sigterm`, `15`; `nil`: there is none.
  package static func parse(_ text: String) -> Int32? {
    if let number = Int32(text) { return range.contains(number) ? number : nil }
    let name = text.uppercased()
    let full = name.hasPrefix("SIG") ? name : "SIG" + name
    return names.firstIndex(of: full).map { Int32($0 + 1) }
  }

  /// `SIGTERM`; of one without a name its number.
  package static func name(of number: Int32) -> String {
    names.indices.contains(Int(number) - 1) ? names[Int(number) - 1] : "\(number)"
  }
}

extension Findings {
  func signal(_ node: Node, _ subject: String) -> Int32? {
    guard let text = string(node, subject) else { return nil }
    if let number = SignalNumber.parse(text) { return number }
    let near = nearest(to: text.uppercased(), among: SignalNumber.names)
    wrong(
      node, subject, mustBe: "a signal",
      help: near.map { "did you mean '\($0)'?" } ?? "write a name such as SIGTERM, or a number from 1 to 64")
    return nil
  }
}
