/// What holds a run up, from how its processes spend their time. Pure.
struct Bottlenecks {
  let loads: [ProcessLoad]
  let queues: [QueueFlow]
  let nameOfLock: (Int) -> String

  /// Waiting for less is the way of any pipeline.
  private static let least = 0.1

  private struct Finding {
    var weight: Double
    /// The process that is too slow, if one is.
    var culprit: String?
    var words: String
  }

  /// The heaviest first.
  var words: [String] {
    let found = (queues.compactMap(finding) + loads.compactMap(lockFinding)).sorted { $0.weight > $1.weight }
    // Who is too slow for one is too slow for all: said once.
    var told: Set<String> = []
    return found.filter { $0.culprit.map { told.insert($0).inserted } ?? true }.map(\.words)
  }

  private func finding(_ queue: QueueFlow) -> Finding? {
    let writer = most(queue.writers) { $0.writing[queue.resource] ?? 0 }
    let reader = most(queue.readers) { $0.reading[queue.resource] ?? 0 }
    let room = writer?.writing[queue.resource] ?? 0
    let items = reader?.reading[queue.resource] ?? 0
    if min(room, items) >= Self.least, let writer, let reader {
      return Finding(
        weight: min(room, items),
        words:
          "queue '\(queue.name)' is full at times and empty at others: '\(writer.name)' waits \(percent(room)) of its "
          + "time for room in it, '\(reader.name)' \(percent(items)) for items: a greater capacity (now "
          + "\(queue.capacity)) would help")
    }
    if room >= Self.least, let writer { return slowReader(queue, room, writer) }
    if items >= Self.least, let reader { return slowWriter(queue, items, reader) }
    return nil
  }

  /// Unless who takes from the queue is held up itself, further on.
  private func slowReader(_ queue: QueueFlow, _ share: Double, _ writer: ProcessLoad) -> Finding? {
    guard let slow = most(queue.readers, \.busy), slow.busy >= 0.5 else { return nil }
    return Finding(
      weight: share, culprit: slow.name,
      words:
        "'\(slow.name)' is too slow for queue '\(queue.name)': '\(writer.name)' waits \(percent(share)) of its time "
        + "for room in it, while '\(slow.name)' \(doing(slow)): \(remedy(slow))")
  }

  private func slowWriter(_ queue: QueueFlow, _ share: Double, _ reader: ProcessLoad) -> Finding? {
    guard let slow = most(queue.writers, \.busy), slow.busy >= 0.5 else { return nil }
    return Finding(
      // Where it keeps others waiting before it as well, that is what to say of it.
      weight: share / 2, culprit: slow.name,
      words:
        "'\(slow.name)' is too slow for who reads queue '\(queue.name)': '\(reader.name)' waits \(percent(share)) of "
        + "its time for items of it, while '\(slow.name)' \(doing(slow)): \(remedy(slow))")
  }

  private func doing(_ load: ProcessLoad) -> String {
    load.working >= load.own
      ? "works \(percent(load.working)) of its own" : "waits \(percent(load.own)) of its own for timers or the outside"
  }

  private func remedy(_ load: ProcessLoad) -> String {
    "more replicas of '\(load.name)' (now \(load.instances)) would help, or less to do for each item"
  }

  private func lockFinding(_ load: ProcessLoad) -> Finding? {
    guard let (lock, share) = load.locks.max(by: { $0.value < $1.value }), share >= Self.least else { return nil }
    return Finding(
      weight: share,
      words: "\(nameOfLock(lock)) is held for long: '\(load.name)' waits \(percent(share)) of its time for it; do less "
        + "while it is held")
  }

  private func most(_ indices: [Int], _ share: (ProcessLoad) -> Double) -> ProcessLoad? {
    indices.map { loads[$0] }.max { share($0) < share($1) }
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }
}
