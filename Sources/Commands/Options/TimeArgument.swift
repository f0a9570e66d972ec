import ArgumentParser
import Logs

/// A time on the command line: RFC 3339, a date, seconds since 1970, or how long ago.
struct TimeArgument: Equatable {
  /// Since 1970.
  var nanoseconds: Int64

  /// For `@Option(transform:)`.
  static func parse(_ text: String) throws -> TimeArgument {
    do {
      return TimeArgument(nanoseconds: try LogTime.parse(text, now: LogTime.now()))
    } catch let error {
      throw ValidationError(error.description)
    }
  }
}
