internal import Glibc
internal import Platform

/// What the process does that looks for a line: it reads lines from its standard input until one matches.
///
/// A process of its own, since nobody knows how long a regular expression takes: some take for ever, and the supervisor
/// must not.
enum LineMatcher {
  /// For one line; then the process ends by SIGALRM.
  static let secondsForLine: UInt32 = 5
  static let matchCode: Int32 = 0
  static let noMatchCode: Int32 = 1

  static func run(_ pattern: String) -> Never {
    CurrentProcess.setName("mporch-match")
    // It compiled when the file was checked.
    guard let regex = try? Regex(pattern) else { _exit(noMatchCode) }
    while let line = readLine() {
      alarm(secondsForLine)
      if line.contains(regex) { _exit(matchCode) }
      // The time until the next line is not the expression's.
      alarm(0)
    }
    _exit(noMatchCode)
  }
}
