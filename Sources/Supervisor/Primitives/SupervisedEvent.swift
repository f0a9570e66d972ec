internal import Sharing

struct SupervisedEvent: SupervisedPrimitive {
  let isSet: Bool

  var initial: any PrimitiveState { EventState(isSet: isSet) }

  func detail(of index: Int, _ reporter: ResourceReporter) -> ResourceStatus.Detail? {
    reporter.arena.eventReport(index).map { report in
      .event(ResourceStatus.Event(isSet: report.isSet, waiters: reporter.waiters(at: .primitive(resource: index))))
    }
  }

  func wait(at name: String, _ index: Int, _ words: WaitWords) -> PrimitiveWait {
    PrimitiveWait(words: "for \(name), which is not set")
  }
}
