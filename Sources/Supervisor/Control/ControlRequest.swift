/// One request of a command on the control socket: one line of JSON.
///
/// `target` names a process (all its instances) or one instance (`count-2`).
package enum ControlRequest: Codable, Sendable, Equatable {
  /// → `status`
  case status
  /// → `processes`
  case ps
  /// One resource, or all. → `resources`
  case inspect(resource: String?)
  /// A process, an instance, or all. → `why`
  case why(target: String?)
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
  /// So many instances of each of these processes. → `changed` once it has taken effect.
  case scale([String: Int])
  /// What has changed in the processes of the files takes effect. → `changed`; `isDryRun`: only says what would.
  case change(StartRequest, isDryRun: Bool)
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
  case why(WhyReport)
  case done(killed: [String])
  case changed(ChangeReport)
  case ended(RunResult)
  case event(Event)
  case refused(Refusal)
}
