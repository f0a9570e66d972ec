internal import Text

/// What holds a run up, from how its processes spend their time. Pure.
struct Bottlenecks {
  let loads: [ProcessLoad]
  let queues: [QueueFlow]
  let locks: [Int: LockUse]
  let processorCount: Int

  /// Waiting for less is the way of any pipeline.
  private static let least = 0.1

  private struct Finding {
    var weight: Double
    /// The process that is too slow, if one is.
    var culprit: String?
    var words: String
    /// Nothing is wrong: the run waits for what comes from outside.
    var isIdle = false
  }

  /// The heaviest first.
  var words: [String] {
    let found =
      (loads.compactMap(downFinding) + loads.compactMap(silenceFinding) + queues.compactMap(finding)
      + loads.compactMap(lockFinding)).sorted { $0.weight > $1.weight }
    // Who is too slow for one is too slow for all: said once.
    var told: Set<String> = []
    let single = found.filter { $0.culprit.map { told.insert($0).inserted } ?? true }
    let problems = single.filter { !$0.isIdle }
    return (problems.isEmpty ? single : problems).map(\.words)
  }

  // MARK: Queues

  private func finding(_ queue: QueueFlow) -> Finding? {
    let writer = most(queue.writers) { $0.writing[queue.resource] ?? 0 }
    let reader = most(queue.readers) { $0.reading[queue.resource] ?? 0 }
    let room = writer?.writing[queue.resource] ?? 0
    let items = reader?.reading[queue.resource] ?? 0
    if min(room, items) >= Self.least, let writer, let reader, !isDown(queue) {
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

  /// Where one end is not there for a time, no capacity is enough.
  private func isDown(_ queue: QueueFlow) -> Bool {
    (queue.writers + queue.readers).contains { loads[$0].down >= Self.least }
  }

  /// Unless who takes from the queue is held up itself, further on.
  private func slowReader(_ queue: QueueFlow, _ share: Double, _ writer: ProcessLoad) -> Finding? {
    guard let slow = most(queue.readers, \.busy), slow.busy >= 0.5, !isSaidElsewhere(slow) else { return nil }
    let wait = "'\(writer.name)' waits \(percent(share)) of its time for room in queue '\(queue.name)'"
    if let words = limit(of: slow, wait) { return Finding(weight: share, culprit: slow.name, words: words) }
    let what = queue.use == .requests ? "its calls" : "queue '\(queue.name)'"
    return Finding(
      weight: share, culprit: slow.name,
      words:
        "'\(slow.name)' is too slow for \(what): '\(writer.name)' waits \(percent(share)) of its time "
        + "for room in it, while '\(slow.name)' \(doing(slow)): \(remedy(slow))")
  }

  private func slowWriter(_ queue: QueueFlow, _ share: Double, _ reader: ProcessLoad) -> Finding? {
    // A pool, or a server, that nobody calls is idle.
    if queue.use == .requests { return nil }
    if queue.use == .external || queue.writers.allSatisfy({ !loads[$0].isAlive }) {
      return outside(queue, share, reader)
    }
    guard let slow = most(queue.writers, \.busy), slow.busy >= 0.5, !isSaidElsewhere(slow) else { return nil }
    if let idle = ownPace(queue, share, reader, slow) { return idle }
    let wait = "'\(reader.name)' waits \(percent(share)) of its time for items of queue '\(queue.name)'"
    if let words = limit(of: slow, wait) { return Finding(weight: share / 2, culprit: slow.name, words: words) }
    let what = queue.use == .replies ? "who waits for its answers" : "who reads queue '\(queue.name)'"
    return Finding(
      // Where it keeps others waiting before it as well, that is what to say of it.
      weight: share / 2, culprit: slow.name,
      words:
        "'\(slow.name)' is too slow for \(what): '\(reader.name)' waits \(percent(share)) of "
        + "its time for items of it, while '\(slow.name)' \(doing(slow)): \(remedy(slow))")
  }

  /// Down, or silent: told by a finding of its own.
  private func isSaidElsewhere(_ load: ProcessLoad) -> Bool {
    if case .unanswered = load.traits.pace { return true }
    return load.down >= Self.least && load.down >= load.busy / 2
  }

  /// A limit that is meant is no fault, and no replicas lift it.
  private func limit(of load: ProcessLoad, _ wait: String) -> String? {
    guard case .limit(let parameter) = load.traits.pace, load.timer >= load.busy / 2 else { return nil }
    return "'\(load.name)' lets through what its '\(parameter)' allows: \(wait); another '\(parameter)' lets through "
      + "more, replicas do not"
  }

  // MARK: Idle

  private func outside(_ queue: QueueFlow, _ share: Double, _ reader: ProcessLoad) -> Finding? {
    guard queue.use == .external else { return nil }
    return Finding(
      weight: share / 4,
      words: "'\(reader.name)' waits \(percent(share)) of its time for what commands put into "
        + "queue '\(queue.name)': nothing in the run holds it up", isIdle: true)
  }

  /// Of a source that waits for its own time, or for somebody outside: whoever reads it has nothing to do meanwhile.
  private func ownPace(_ queue: QueueFlow, _ share: Double, _ reader: ProcessLoad, _ slow: ProcessLoad) -> Finding? {
    guard slow.traits.isSource, slow.working < slow.busy / 2 else { return nil }
    let cause =
      if case .limit(let parameter) = slow.traits.pace {
        "its '\(parameter)' says how fast it is"
      } else if slow.outside >= max(slow.timer, slow.command) {
        "it waits \(percent(slow.outside)) of its time for standard input"
      } else if slow.command >= slow.timer { "its command puts no more" } else {
        "it sleeps \(percent(slow.timer)) of its time"
      }
    return Finding(
      weight: share / 4, culprit: slow.name,
      words: "'\(slow.name)' sets the pace: \(cause), and '\(reader.name)' waits \(percent(share)) of its time for "
        + "items of queue '\(queue.name)': nothing else in the run holds it up", isIdle: true)
  }

  // MARK: What it does, and what to do

  private func doing(_ load: ProcessLoad) -> String {
    let most = max(load.working, load.timer, load.outside, load.command)
    if load.working >= most { return "works \(percent(load.working)) of its own" }
    if load.command >= most { return "waits \(percent(load.command)) of its own for its command" }
    if load.outside >= most { return "waits \(percent(load.outside)) of its own for standard input" }
    return "sleeps \(percent(load.timer)) of its own"
  }

  private func remedy(_ load: ProcessLoad) -> String {
    if load.outside >= max(load.working, load.timer, load.command) { return "it can't be quicker than what comes" }
    let less = "less to do for each item"
    switch load.traits.growth {
    case .none(let reason): return "\(less) would help; \(reason)"
    case .replicas, .size:
      if areProcessorsBusy, load.working >= load.busy / 2 {
        return "\(less) would help; more of it would not: the \(processorCount) processors have enough to do"
      }
      let more =
        load.traits.growth == .size
        ? "a greater 'size' of pool '\(load.name)' (now \(load.instances))"
        : "more replicas of '\(load.name)' (now \(load.instances))"
      return "\(more) would help, or \(less)"
    }
  }

  private var areProcessorsBusy: Bool {
    loads.reduce(0) { $0 + ($1.isAlive ? $1.working * Double($1.instances) : 0) } >= Double(processorCount) * 0.95
  }

  // MARK: Without a queue

  private func downFinding(_ load: ProcessLoad) -> Finding? {
    guard load.isAlive, load.down >= Self.least else { return nil }
    return Finding(
      weight: load.down, culprit: load.name,
      words: "'\(load.name)' is down \(percent(load.down)) of its time"
        + (load.downReason.map { ": \($0)" } ?? "") + "; 'mporch logs \(load.name)' says why")
  }

  private func silenceFinding(_ load: ProcessLoad) -> Finding? {
    guard load.isAlive, case .unanswered(let seconds) = load.traits.pace else { return nil }
    return Finding(
      weight: 1, culprit: load.name,
      words:
        "'\(load.name)' waits for the first answer of its command, and has for \(Quantity.duration(seconds: seconds)): "
        + "under 'replies: each' every line is to be answered by one line; more replicas would wait like this one")
  }

  private func lockFinding(_ load: ProcessLoad) -> Finding? {
    guard load.isAlive, let (lock, share) = load.locks.max(by: { $0.value < $1.value }), share >= Self.least,
      let use = locks[lock], !use.isSignal
    else { return nil }
    let remedy = use.bound.map { "hold it for less, or raise its 'initial' (now \($0))" } ?? "do less while it is held"
    return Finding(
      weight: share,
      words: "\(use.name) is held for long: '\(load.name)' waits \(percent(share)) of its time for it; \(remedy)")
  }

  /// Of those who are there: who has ended is not to blame, and waits no more.
  private func most(_ indices: [Int], _ share: (ProcessLoad) -> Double) -> ProcessLoad? {
    indices.map { loads[$0] }.filter(\.isAlive).max { share($0) < share($1) }
  }

  private func percent(_ share: Double) -> String { "\(Int((min(share, 1) * 100).rounded()))%" }
}
