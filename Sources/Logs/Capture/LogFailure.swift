import Platform
import SystemPackage

/// What of one log could not be stored, and why.
package struct LogFailure: Error, Equatable, CustomStringConvertible {
  package var path: FilePath
  package var errno: Errno
  package var lostLineCount = 0
  /// Of the lines' text.
  package var lostByteCount = 0

  package var description: String { "log '\(path)': \(summary)" }

  /// Without the place.
  var summary: String {
    let lines = Self.count(lostLineCount, "line")
    let bytes = Self.count(lostByteCount, "byte")
    return "\(lines) (\(bytes)) could not be stored: \(errno.words)"
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
