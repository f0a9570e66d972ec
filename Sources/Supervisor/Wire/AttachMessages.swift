/// What a client says on the attach connection, one frame each.
package enum ClientMessage: Codable, Sendable, Equatable {
  /// The first one.
  case start(StartRequest)
  /// The first Ctrl-C (SIGINT), a SIGTERM, or a hang-up: stop in order; `signal` sets the exit code.
  case stop(signal: Int32)
  /// The second Ctrl-C: kill at once.
  case kill
  /// Nobody reads any more what the run prints: stop in order. It is no failure.
  case leave
  /// Asks for one `snapshot`.
  case snapshot
}

/// What a supervisor says on the attach connection, one frame each, beside the frames of output.
package enum SupervisorMessage: Codable, Sendable, Equatable {
  /// The run can't start; the last frame.
  case refused(Refusal)
  /// Before any output or event. `instances`: their names; a frame of output names its instance by its index here.
  case accepted(RunStatus, instances: [String])
  /// Instances that came later, by the index that their frames of output have.
  case joined([Int: String])
  /// Once: all that can start at once has started (a detached client is let go after this or `ready`).
  case running
  /// Once, if `attachment` asked to wait: every process is ready (healthy, its log line seen) or has completed.
  case ready
  /// In place of `ready`: these instances have failed, so that not all will be, or are not ready and the time to wait is
  /// over. The run goes on.
  case notReady([UnreadyInstance])
  /// Those that are not routine.
  case event(Event)
  case snapshot([InstanceStatus])
  /// The run has ended; the last frame.
  case result(RunResult)
}

/// Where an instance stands that is not ready.
package struct UnreadyInstance: Codable, Sendable, Equatable {
  package var name: String
  package var state: InstanceStatus.State
  package var health: InstanceStatus.Health?

  package init(name: String, state: InstanceStatus.State, health: InstanceStatus.Health?) {
    self.name = name
    self.state = state
    self.health = health
  }
}

/// Why something was not done, for people; ready to print after `mporch: `.
package struct Refusal: Codable, Sendable, Equatable, Error, CustomStringConvertible {
  package var message: String
  /// What to change.
  package var help: String?
  /// What `mporch` exits with.
  package var exitCode: Int32

  package init(_ message: String, help: String? = nil, exitCode: Int32) {
    self.message = message
    self.help = help
    self.exitCode = exitCode
  }

  package var description: String { help.map { "\(message)\n  = help: \($0)" } ?? message }
}
