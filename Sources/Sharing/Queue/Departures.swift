/// Which ends of a queue their workers have closed by themselves: for each reader and each writer the number of the
/// cell's commit in which it did, so that it changes in one step with the queue's state.
///
/// Changed under the queue's lock alone.
struct Departures: Sendable {
  private let readers: PlaceRow
  private let writers: PlaceRow

  static func byteCount(_ plan: ArenaPlan.Queue) -> Int { (plan.readers.count + plan.writers.count) * 8 }
  static func byteCount(ofReserve workers: Int) -> Int { 2 * workers * 8 }

  /// `reserve`: of `spareCount` readers and as many writers.
  init(
    at memory: UnsafeMutableRawPointer, _ plan: ArenaPlan.Queue, reserve: UnsafeMutableRawPointer, spareCount: Int
  ) {
    let (readerCount, writerCount) = (plan.readers.count, plan.writers.count)
    readers = PlaceRow(from: memory, count: readerCount, then: reserve, byteCount: 8)
    writers = PlaceRow(
      from: memory + readerCount * 8, count: writerCount, then: reserve + spareCount * 8, byteCount: 8)
  }

  enum End {
    /// Index into the plan's readers, or writers.
    case reader(Int)
    case writer(Int)
  }

  private subscript(end: End) -> UnsafeMutablePointer<UInt64> {
    switch end {
    case .reader(let index): readers[index].assumingMemoryBound(to: UInt64.self)
    case .writer(let index): writers[index].assumingMemoryBound(to: UInt64.self)
    }
  }

  func hasLeft(_ end: End, committed: UInt64) -> Bool {
    let commit = self[end].pointee
    return commit != 0 && commit <= committed
  }

  /// Takes effect with the commit `next`.
  func leave(_ end: End, next: UInt64) { self[end].pointee = next }

  func comeBack(_ end: End) { self[end].pointee = 0 }

  /// For the scavenger, as `MarkedCopies.forgetUncommitted`.
  func forgetUncommitted(_ committed: UInt64, of plan: ArenaPlan.Queue) {
    let ends = plan.readers.indices.map { End.reader($0) } + plan.writers.indices.map { End.writer($0) }
    for end in ends where self[end].pointee > committed { self[end].pointee = 0 }
  }
}

extension Queue {
  /// The end of a worker, if it has one.
  func readerEnd(of worker: Int) -> Departures.End? { plan.readers.firstIndex(of: worker).map { .reader($0) } }
  func writerEnd(of worker: Int) -> Departures.End? { plan.writers.firstIndex(of: worker).map { .writer($0) } }

  func hasLeft(_ end: Departures.End) -> Bool { departures.hasLeft(end, committed: cell.committedVersion) }
}

extension QueueWriter {
  private var end: Departures.End? { queue.writerEnd(of: Int(holder.rawValue) - 1) }

  /// This worker has closed its end.
  package var isClosedHere: Bool { end.map(queue.hasLeft) ?? false }

  /// What this worker has put is not all that there should be: the end of the stream says so, as after a writer that failed.
  package func tellIncomplete() {
    queue.cell.update(as: holder) { state, _ in
      let isNews = !state.writerFailed
      state.writerFailed = true
      return (isNews, ())
    }
  }

  /// This worker will not put any more: for readers as if it had ended.
  package func close() {
    guard let end, !queue.hasLeft(end) else { return }
    queue.cell.update(as: holder) { state, next in
      queue.departures.leave(end, next: next)
      state.endWriter(failed: false)
      return (true, ())
    }
    queue.wakeEveryone()
  }
}

extension QueueReader {
  private var end: Departures.End? { queue.readerEnd(of: Int(holder.rawValue) - 1) }

  package var isClosedHere: Bool { end.map(queue.hasLeft) ?? false }

  /// This worker will not take any more: for writers as if it had ended. What it has must be given back before.
  package func close() {
    guard let end, !queue.hasLeft(end) else { return }
    queue.cell.update(as: holder) { state, next in
      queue.departures.leave(end, next: next)
      state.endReader(failed: false)
      return (true, ())
    }
    queue.wakeEveryone()
  }
}
