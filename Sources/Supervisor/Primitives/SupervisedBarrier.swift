internal import Sharing

struct SupervisedBarrier: SupervisedPrimitive {
  let parties: Int

  var initial: any PrimitiveState { BarrierState(parties: parties) }

  func detail(of index: Int, _ reporter: ResourceReporter) -> ResourceStatus.Detail? {
    reporter.arena.barrierReport(index).map { report in
      .barrier(
        ResourceStatus.Barrier(
          parties: report.parties, waiters: reporter.parties(report.waiters, at: .primitive(resource: index)),
          missing: report.missing.compactMap(reporter.party),
          broken: report.breakage.flatMap { words(for: $0, reporter) }))
    }
  }

  private func words(for breakage: BarrierBreakage, _ reporter: ResourceReporter) -> String? {
    reporter.party(breakage.worker).map { party in
      switch breakage.cause {
      case .aborted: "aborted by \(party.name)"
      case .timedOut: "\(party.name) did not wait longer"
      case .ended: "\(party.name) has ended"
      }
    }
  }

  func wait(at name: String, _ index: Int, _ words: WaitWords) -> PrimitiveWait {
    let arrived = words.arena.barrierReport(index).map { "\($0.waiters.count) of \($0.parties) parties have come" }
    return PrimitiveWait(words: "at \(name), where \(arrived ?? "")")
  }
}
