internal import Sharing
internal import Topology

struct SupervisedCondition: SupervisedPrimitive {
  let lock: ResourceID

  var initial: any PrimitiveState { ConditionState(lock: lock.index) }

  func detail(of index: Int, _ reporter: ResourceReporter) -> ResourceStatus.Detail? {
    reporter.arena.conditionReport(index).map { report in
      .condition(
        ResourceStatus.Condition(
          lock: reporter.resources[report.lock].name,
          waiters: reporter.parties(report.waiters, at: .primitive(resource: index))))
    }
  }

  func wait(at name: String, _ index: Int, _ words: WaitWords) -> PrimitiveWait {
    PrimitiveWait(words: "to be notified at \(name)")
  }
}
