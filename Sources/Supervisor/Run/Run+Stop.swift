internal import Platform
internal import Topology

extension Run {
  /// Ends the run in reverse order of dependency, within one grace period for each level. Again: no later than then.
  func stop(signal: Int32?, reason: String, gracePeriod: Duration? = nil) {
    let isFirst = phase.course == .running
    if isFirst { events.emit(.runStopping(reason: reason)) }
    let happenings = life.stop(signal: signal, gracePeriod: gracePeriod ?? (isFirst ? wish.gracePeriod : nil))
    for (instance, event) in happenings { take(event, of: instance) }
    if isFirst { abandon(because: "the end of the run: \(reason)") }
    isUnsettled = true
    if case .draining = phase { finish() }
  }

  /// Now, all of them.
  func killAll(signal: Int32) {
    stop(signal: signal, reason: "asked to kill at once")
    for (instance, event) in life.kill() { take(event, of: instance) }
  }

  /// What commands have asked for and can't come about any more.
  private func abandon(because cause: String) {
    answer(errands.overtake(instances, goal: .rest, by: cause))
    guard let change = change.take() else { return }
    change.session.reply(.refused(Refusal("the change was overtaken by \(cause)", exitCode: 1)))
    takePostponed()
  }
}
