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
    "\(lostLineCount) line\(lostLineCount == 1 ? "" : "s") (\(lostByteCount) bytes) could not be stored: \(errno)"
  }
}
