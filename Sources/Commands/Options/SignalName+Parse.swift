import Platform
import Topology

extension SignalName {
  /// The signal that a user names on the command line.
  static func parse(_ text: String) throws(CommandFailure) -> Int32 {
    if let number = number(of: text) { return number }
    let names = (1...64).compactMap { name(of: $0) }
    let upper = text.uppercased()
    let nearest = nearest(to: upper.hasPrefix("SIG") ? upper : "SIG" + upper, among: names)
    throw CommandFailure(
      .usage, "there is no signal '\(text)'",
      help: nearest.map { "did you mean '\($0)'?" }
        ?? "give a number from 1 to 64 or a name: \(names.joined(separator: ", "))")
  }
}
