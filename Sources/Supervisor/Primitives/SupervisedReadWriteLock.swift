internal import Sharing

struct SupervisedReadWriteLock: SupervisedPrimitive {
  var initial: any PrimitiveState { ReadWriteLockState() }

  func detail(of index: Int, _ reporter: ResourceReporter) -> ResourceStatus.Detail? {
    reporter.arena.readWriteLockReport(index).map { report in
      .readWriteLock(
        ResourceStatus.ReadWriteLock(
          writer: report.writer.flatMap(reporter.party), readers: report.readers.compactMap(reporter.party),
          waiters: reporter.parties(report.waiters, at: .primitive(resource: index))))
    }
  }

  func wait(at name: String, _ index: Int, _ words: WaitWords) -> PrimitiveWait {
    let report = words.arena.readWriteLockReport(index)
    let readers = report?.readers ?? []
    let names = Deadlock.list((report?.writer.map { [$0] } ?? readers).map(words.nameOfWorker))
    let holders =
      if report?.writer != nil { ", which \(names) writes" } else if !readers.isEmpty {
        ", which \(names) \(readers.count == 1 ? "reads" : "read")"
      } else {
        ""
      }
    return PrimitiveWait(words: "for \(name)\(holders)", isForUsers: false, isForLock: true)
  }

  func lockUse(name: String) -> LockUse? { LockUse(name: name) }
}
