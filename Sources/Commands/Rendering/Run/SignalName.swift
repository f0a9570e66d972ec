import CPlatform
import Topology

/// Signals by their names: `SIGTERM`, `TERM`, `15`.
enum SignalName {
  private static let numbers = 1...64

  /// `signal 9 (SIGKILL)`.
  static func describe(_ number: Int32) -> String {
    name(of: number).map { "signal \(number) (\($0))" } ?? "signal \(number)"
  }

  /// `nil` for real-time signals, which have numbers only.
  static func name(of number: Int32) -> String? {
    mporch_signal_abbreviation(number).map { "SIG" + String(cString: $0) }
  }

  static func number(of text: String) throws(CommandFailure) -> Int32 {
    if let number = Int32(text) {
      guard numbers.contains(Int(number)) else {
        throw CommandFailure(.usage, "there is no signal \(text)", help: "signals have numbers from 1 to 64")
      }
      return number
    }
    let upper = text.uppercased()
    let wanted = upper.hasPrefix("SIG") ? upper : "SIG" + upper
    let names = numbers.compactMap { name(of: Int32($0)) }
    if let number = numbers.first(where: { name(of: Int32($0)) == wanted }) { return Int32(number) }
    throw CommandFailure(
      .usage, "there is no signal '\(text)'",
      help: nearest(to: wanted, among: names).map { "did you mean '\($0)'?" }
        ?? "give a number from 1 to 64 or a name: \(names.joined(separator: ", "))")
  }
}
