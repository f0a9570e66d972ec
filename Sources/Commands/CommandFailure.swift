/// Why a command ended without having done what it was asked.
struct CommandFailure: Error, Equatable {
  var status: ExitStatus
  /// What was tried, on what, and what came of it.
  var message: String
  /// What to do about it.
  var help: String?

  init(_ message: String, help: String? = nil) { self.init(.failure, message, help: help) }

  init(_ status: ExitStatus, _ message: String, help: String? = nil) {
    self.status = status
    self.message = message
    self.help = help
  }
}

extension CommandFailure: CustomStringConvertible {
  /// In the form of a diagnostic; ends in a line break.
  var description: String {
    // What has a place in a file says so by itself.
    let heading = message.contains(": error: ") ? "\(message)\n" : "mporch: error: \(message)\n"
    return help.map { heading + "      = help: \($0)\n" } ?? heading
  }
}

/// Ends a command whose diagnostics were shown already.
struct SilentFailure: Error {
  var status: ExitStatus
}
