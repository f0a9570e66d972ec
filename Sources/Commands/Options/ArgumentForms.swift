import ArgumentParser
import Logs
import Platform
import Text
import Topology

/// A duration on the command line: as in the file, or a number of seconds as Docker Compose takes it.
struct DurationArgument: Equatable {
  var seconds: Double

  /// For `@Option(transform:)`.
  static func parse(_ text: String) throws -> DurationArgument {
    if let seconds = Double(text), seconds.isFinite, seconds >= 0, seconds < 1e9 {
      return DurationArgument(seconds: seconds)
    }
    do {
      let duration = try Duration.parse(text)
      return DurationArgument(seconds: duration / .seconds(1))
    } catch let invalid {
      throw ValidationError("\(invalid.message); \(invalid.help)")
    }
  }
}

/// A time on the command line: RFC 3339, a date, seconds since 1970, or how long ago.
struct TimeArgument: Equatable {
  /// Since 1970.
  var nanoseconds: Int64

  /// For `@Option(transform:)`.
  static func parse(_ text: String) throws -> TimeArgument {
    do {
      return TimeArgument(nanoseconds: try LogTime.parse(text, now: WallClock.now))
    } catch let error {
      throw ValidationError(error.description)
    }
  }
}

extension SignalName {
  /// The signal that a user names on the command line.
  static func parse(_ text: String) throws(CommandFailure) -> Int32 {
    if let number = number(of: text) { return number }
    let upper = text.uppercased()
    let nearest = nearest(to: upper.hasPrefix("SIG") ? upper : "SIG" + upper, among: all)
    throw CommandFailure(
      .usage, "there is no signal '\(text)'",
      help: nearest.map { "did you mean '\($0)'?" }
        ?? "give a number from 1 to 64 or a name: \(all.joined(separator: ", "))")
  }
}

/// What a user names of a value or an array: `total`, `squares[3]`, `squares[2..4]`; elements count from 1, as in
/// scripts, and both ends belong.
struct ElementReference: Equatable {
  var resource: String
  /// `nil`: all of it.
  var elements: ClosedRange<Int>?

  init(_ text: String) throws(CommandFailure) {
    guard text.hasSuffix("]"), let bracket = text.firstIndex(of: "[") else {
      resource = text
      return
    }
    resource = String(text[..<bracket])
    let inside = text[text.index(after: bracket)...].dropLast()
    let bounds = inside.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, first >= 1, first <= last else {
      throw CommandFailure(
        .usage, "'\(text)' names no element", help: "\(resource)[3], or \(resource)[2..4]; they count from 1")
    }
    elements = first...last
  }
}

/// Positional arguments of which some begin with a dash, as negative numbers do.
enum DashedArguments {
  /// As given, without the `--` behind which everything is taken as it is. What looks like an option, and is none, is
  /// refused.
  static func words(_ given: [String]) throws(CommandFailure) -> [String] {
    let end = given.firstIndex(of: "--") ?? given.endIndex
    for word in given[..<end] where word.hasPrefix("-") && word != "-" && Double(word) == nil {
      throw CommandFailure(.usage, "there is no option '\(word)'", help: "what begins with a dash comes behind '--'")
    }
    return Array(given[..<end] + given[end...].dropFirst())
  }
}
