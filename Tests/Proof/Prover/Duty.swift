import Sharing

/// What a supervisor does beside repairs, while workers move: it must neither be misled nor mislead.
enum Duty {
  /// Looks at every resource and at what every worker waits for, as `inspect` and the search for deadlocks do.
  case look
  /// The process has so many instances then.
  case scale(String, to: Int)
}

extension Stage {
  /// What is said of the run, from the arena alone, is never what could not be. `nil`: so it was.
  func look() -> String? {
    for resource in arena.plan.resources.indices {
      if let report = arena.queueReport(resource), let fault = report.fault { return "queue \(resource): \(fault)" }
      if let report = arena.pipeReport(resource), let fault = report.fault { return "pipe \(resource): \(fault)" }
      _ = arena.head(ofQueue: resource, itemCount: 3)
      _ = arena.lockReport(resource)
      _ = arena.readWriteLockReport(resource)
      _ = arena.semaphoreReport(resource)
      _ = arena.conditionReport(resource)
      _ = arena.eventReport(resource)
      _ = arena.barrierReport(resource)
      _ = arena.bytes(of: resource, upTo: 64)
    }
    for worker in arena.plan.workers.indices {
      let wait = arena.wait(of: worker)
      _ = arena.wakers(of: wait, worker)
      _ = arena.isUnmet(wait, of: worker)
      _ = arena.waited(by: worker)
    }
    return nil
  }
}

extension QueueReport {
  fileprivate var fault: String? {
    if items < 0 || items > capacity || bytes < 0 || bytes > byteCount { return "\(items) items of \(bytes) bytes" }
    if takes > puts || finished > takes { return "\(puts) put, \(takes) taken, \(finished) finished" }
    return nil
  }
}

extension PipeReport {
  fileprivate var fault: String? {
    for direction in [fromA, fromB].compactMap(\.self)
    where direction.bytesUnderWay < 0 || direction.bytesUnderWay > 1 << 20 {
      return "\(direction.bytesUnderWay) bytes under way"
    }
    return nil
  }
}
