import Supervisor

/// A request about some processes of a run, one after another.
struct TargetRequest {
  var processes: [String]
  var run: RunRequest

  func ask(in context: CommandContext, _ request: (String) -> ControlRequest) throws -> ExitStatus {
    let locator = RunLocator(context)
    let status = try locator.findAlive(run)
    for process in processes {
      guard case .done(let killed) = try locator.connect(to: status).ask(request(process)) else {
        throw CommandFailure.unexpectedReply
      }
      if !killed.isEmpty {
        context.errorOutput.write("mporch: killed, as the grace period was over: \(killed.joined(separator: ", "))\n")
      }
    }
    return .success
  }
}

extension CommandFailure {
  /// The supervisor of another version, most likely.
  static let unexpectedReply = CommandFailure(
    "the supervisor gave an answer that this version of mporch does not know",
    help: "was the run started by another version? 'mporch down' of that version ends it")
}
