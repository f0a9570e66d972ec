/// One request of a command on the control socket: one line of JSON.
///
/// `target` names a process (all its instances) or one instance (`count-2`).
package enum ControlRequest: Codable, Sendable, Equatable {
  /// → `status`
  case status
  /// → `processes`
  case ps
  /// The named resources, or all that the file declares; `excerptCount`: so many items or elements of each.
  /// → `resources`
  case inspect(resources: [String], excerptCount: Int)
  /// Ends the run; → `ended` when all is gone.
  case down(gracePeriodSeconds: Double?)
  /// → `done` once the signal was sent.
  case kill(target: String, signal: Int32)
  /// → `done` once the instances have ended, naming those that had to be killed.
  case stop(target: String, gracePeriodSeconds: Double?)
  /// → `done` once the instances have started.
  case start(target: String)
  /// Stop, then start. → `done` once the instances have started.
  case restart(target: String)
  /// → `ended` when the run has ended.
  case wait
  /// → `event`, one line each, until the run ends or the client leaves.
  case events
}

/// The answer to a `ControlRequest`: one line of JSON (`events`: many).
package enum ControlReply: Codable, Sendable, Equatable {
  case status(RunStatus)
  case processes([InstanceStatus])
  case resources([ResourceStatus])
  case done(killed: [String])
  case ended(RunResult)
  case event(Event)
  case refused(Refusal)
}
