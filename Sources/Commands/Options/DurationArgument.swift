import ArgumentParser
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
