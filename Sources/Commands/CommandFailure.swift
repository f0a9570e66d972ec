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

/// What `mporch` exits with.
struct ExitStatus: Equatable {
  var code: Int32

  static let success = ExitStatus(code: 0)
  /// A process of the run failed, or the command could not do what it was asked.
  static let failure = ExitStatus(code: 1)
  static let usage = ExitStatus(code: 64)
  static let invalidTopology = ExitStatus(code: 65)
  static let noSuchFile = ExitStatus(code: 66)
  /// Memory, descriptors or processes could not be had.
  static let resourcesUnavailable = ExitStatus(code: 69)

  /// Ended by a signal, as a shell shows it: 130 for Ctrl-C, 143 for SIGTERM, 129 for a closed terminal.
  static func signal(_ number: Int32) -> ExitStatus { ExitStatus(code: 128 + number) }
}
