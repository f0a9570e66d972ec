/// Ends a `run:` process as failed, of mporch's own decision: told in the form of a diagnostic, with the process and its
/// place before it.
struct CommandFailure: Error {
  var message: String
  var help: String
  /// Another life would fail the same way.
  var isForGood = false
}

/// Why the pump has a command end before it does so by itself.
enum CommandStop {
  /// Nobody reads what it prints any more.
  case readersEnded(failed: Bool)
  case failure(any Error)
}
