internal import Sharing

struct SupervisedSemaphore: SupervisedPrimitive {
  let count: Int
  let isBounded: Bool

  var initial: any PrimitiveState { SemaphoreState(initial: Int64(count), isBounded: isBounded) }

  func detail(of index: Int, _ reporter: ResourceReporter) -> ResourceStatus.Detail? {
    reporter.arena.semaphoreReport(index).map { report in
      let holders = report.holders.compactMap { holder in
        reporter.party(holder.worker).map { ($0.name, holder.count) }
      }
      return .semaphore(
        ResourceStatus.Semaphore(
          count: report.count, initial: report.initial, isBounded: report.isBounded,
          holders: Dictionary(holders, uniquingKeysWith: +), waiters: reporter.waiters(at: .primitive(resource: index)))
      )
    }
  }

  func wait(at name: String, _ index: Int, _ words: WaitWords) -> PrimitiveWait {
    let holders = words.arena.semaphoreReport(index)?.holders ?? []
    let holdings = holders.map { "'\(words.nameOfWorker($0.worker))' holds \($0.count)" }
    let list = holdings.isEmpty ? "" : ": " + holdings.joined(separator: ", ")
    return PrimitiveWait(words: "for \(name), of which no count is left\(list)", isForUsers: false)
  }

  func lockUse(name: String) -> LockUse? { LockUse(name: name, bound: count, isSignal: !isBounded) }
}
