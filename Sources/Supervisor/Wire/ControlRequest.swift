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
  /// → `elements`, or what a courier says: `items`, until `finished`
  case get(GetRequest)
  /// → `ready` from a courier, which then takes `CourierMessage.put`
  case put(resource: String, patienceSeconds: Double?)
  /// A value or array, or `element` of one, from 1. → `done`
  case set(resource: String, element: Int?, values: [String])
  /// What comes through a queue. → `ready`, then `tapped`, until `finished` or the client leaves
  case tap(resource: String)
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
  /// → `readiness` once the run is up, or will not be, or that time is over; `ended` if it ends before.
  case awaitReadiness(patienceSeconds: Double?)
  /// → `status`, then `event`, one line each, until the run ends or the client leaves.
  case events
}

/// The answer to a `ControlRequest`: one line of JSON (`events`, `get`, `put`, `tap`: many).
package enum ControlReply: Codable, Sendable, Equatable {
  case status(RunStatus)
  case processes([InstanceStatus], losses: RunLosses)
  case resources([ResourceStatus])
  case why(WhyReport)
  case done(killed: [String])
  case changed(ChangeReport)
  case ended(RunResult)
  /// None: every process is ready or has succeeded.
  case readiness(unready: [UnreadyInstance])
  case event(Event)
  case elements(Elements)
  case ready
  case items([WireItem])
  /// So many have been put; so many before them had no room and are gone.
  case put(Int, dropped: Int)
  /// `notShown`: so many came through since the last such line and were not shown.
  case tapped([WireItem], notShown: UInt64)
  case finished(AccessEnd)
  case refused(Refusal)
}
