internal import Sharing
internal import Topology

extension ResourceReporter {
  func row(
    _ report: QueueReport, _ queue: Resource.Queue, _ index: Int, rates: (in: Double?, out: Double?)
  ) -> ResourceStatus.Queue {
    ResourceStatus.Queue(
      type: queue.itemType.name, items: report.items, bytes: report.bytes, capacity: report.capacity,
      byteCapacity: report.byteCount, puts: report.puts, takes: report.takes, finished: report.finished,
      droppedNew: report.droppedNew, droppedOld: report.droppedOld, deadLettered: report.deadLettered,
      deadLetterQueue: queue.deadLetterQueue.map { resources[$0.index].name }, redelivered: report.redelivered,
      rateIn: rates.in, rateOut: rates.out, onFull: queue.whenFull.rawValue, isExternal: queue.isExternal,
      isClosed: report.isClosed, liveReaders: report.liveReaders, liveWriters: report.liveWriters,
      leases: report.leases.map(row), waitingReaders: waiters(at: .read(resource: index)),
      waitingWriters: waiters(at: .write(resource: index)),
      head: arena.head(ofQueue: index, itemCount: excerptCount).map { ItemWords.text($0, of: queue.storedType) })
  }

  private func row(_ lease: LeaseReport) -> ResourceStatus.Lease {
    let holder = lease.isOrphaned ? nil : lease.worker.flatMap(party)
    return ResourceStatus.Lease(
      name: holder?.name, pid: holder?.pid, items: lease.items,
      seconds: lease.isOrphaned ? nil : lease.takenAt.map(seconds))
  }

  func row(_ report: PipeReport, _ pipe: Resource.Pipe, _ index: Int) -> ResourceStatus.Pipe {
    guard case .pipe(let plan) = arena.plan.resources[index] else { preconditionFailure("a report of no pipe") }
    let (holderOfA, holderOfB) = (plan.holderOfA, plan.holderOfB)
    return ResourceStatus.Pipe(
      isDuplex: pipe.isDuplex, endA: holderOfA.flatMap(party), endB: holderOfB.flatMap(party),
      fromA: direction(report.fromA, index, writer: holderOfA, reader: holderOfB),
      fromB: report.fromB.map { direction($0, index, writer: holderOfB, reader: holderOfA) })
  }

  private func direction(
    _ report: PipeReport.Direction, _ index: Int, writer: Int?, reader: Int?
  ) -> ResourceStatus.Direction {
    ResourceStatus.Direction(
      messages: report.messages, bytesUnderWay: report.bytesUnderWay, byteCapacity: report.byteCapacity,
      isClosed: report.isClosed, isAbandoned: report.readerHasEnded,
      readerWaitSeconds: waitSeconds(reader, .read(resource: index)),
      writerWaitSeconds: waitSeconds(writer, .write(resource: index)))
  }

  private func waitSeconds(_ worker: Int?, _ wait: WorkerEntry.Wait) -> Double? {
    worker.flatMap { waits.since($0, wait) }.map(seconds)
  }
}
