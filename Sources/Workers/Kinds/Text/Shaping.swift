internal import Platform
internal import Topology

/// Gathers items into lists.
struct Gather: Kind {
  static let signature = KindSignature(
    "batch",
    "Gathers items into lists of `size`; the last may be shorter, and one for which the input has no room.",
    answers: .itemByItem,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [.any], "lists of items")],
    parameters: [
      .init("size", .int(1...1_000_000), required: true, "items in a list"),
      .init("linger", .duration, "put what there is when the first item has waited this long"),
    ],
    check: { binding in
      let size = binding.arguments.int("size") ?? 1
      return binding.inputs["in", default: []].compactMap { queue in
        guard let capacity = queue.capacity, Int64(capacity) < size else { return nil }
        return .init(
          parameter: "size", "\(size) items never are in a queue of capacity \(capacity)",
          help: "give the queue `capacity: \(size)` or more")
      }
    })

  private let size: Int
  private let linger: Duration?

  init(_ arguments: Arguments) {
    size = Int(arguments.int("size") ?? 1)
    linger = arguments.float("linger").map { .seconds($0) }
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    var list: [UInt8] = []
    while let batch = try input.next(exactly: size, linger: linger) {
      list.removeAll(keepingCapacity: true)
      CBOREncoder.appendHead(.array, UInt64(batch.count), to: &list)
      try batch.forEach { try ItemView($0, input.type).appendCBOR(to: &list) }
      try list.withUnsafeBytes { try output.append(record: $0, of: .any) }
    }
  }
}

/// Passes on the first items, then ends.
struct Take: Kind {
  static let signature = KindSignature(
    "take", "Passes on the first `count` items, of all replicas together, then ends.", answers: .itemByItem,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [], typeFollowsInput: "in", "the items")],
    parameters: [.init("count", .int(0...Int64.max), required: true, "how many")])

  private let count: UInt64

  init(_ arguments: Arguments) {
    count = UInt64(arguments.int("count") ?? 0)
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    // Nothing claimed: only asks whether something is left, before waiting for items that nobody wants.
    while try worker.claim(0, below: count).first < count, let batch = try input.next() {
      let claimed = Int(try worker.claim(UInt64(batch.count), below: count).count)
      try batch.forEach(first: claimed) { try output.append(record: $0, of: input.type) }
      if claimed < batch.count { return }
    }
  }
}

/// Passes items on, no faster than it is told.
struct Throttle: Kind {
  static let signature = KindSignature(
    "throttle", "Passes on at most `rate` items a second, of all replicas together.", answers: .itemByItem,
    inputs: [.init("in", [], "items")], outputs: [.init("out", [], typeFollowsInput: "in", "the items")],
    parameters: [.init("rate", .float(1e-3...1e9), required: true, "items a second")], limit: "rate")

  private let rate: Double

  init(_ arguments: Arguments) {
    rate = arguments.float("rate") ?? 1
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    var due = worker.now
    while let batch = try input.next(exactly: 1, linger: nil) {
      let now = worker.now
      if due > now { try worker.sleep(for: .nanoseconds(Int64(due - now))) }
      // Time that passed without items is not made up for.
      due = max(due, now) + UInt64(1e9 * Double(worker.replicas) / rate)
      try batch.forEach { try output.append(record: $0, of: input.type) }
    }
  }
}

/// Puts a counter, paced.
struct Tick: Kind {
  static let signature = KindSignature(
    "tick", "Puts 1, 2, 3, … at intervals, the first at once; replicas share the count.", answers: .source,
    outputs: [.init("out", [.int64], "the counter")],
    parameters: [
      .init("every", .duration, required: true, "the interval"),
      .init("count", .int(0...Int64.max), "how many; without end, if it is not given"),
    ], limit: "every")

  private let interval: Duration
  private let count: UInt64

  init(_ arguments: Arguments) {
    interval = .seconds(arguments.float("every") ?? 1)
    count = UInt64(arguments.int("count") ?? .max)
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    while true {
      let claimed = try worker.claim(1, below: count)
      guard claimed.count == 1 else { return }
      try output.append(Int64(claimed.first + 1))
      try output.publish()
      let due = worker.now + interval.nanoseconds
      // Others may claim the last number meanwhile: then nothing is left to sleep for.
      while worker.now < due {
        guard worker.claimedCount < count else { return }
        let rest = Duration.nanoseconds(Int64(clamping: due - min(worker.now, due)))
        try worker.sleep(for: worker.replicas > 1 ? min(rest, Self.look) : rest)
      }
    }
  }

  /// Between two looks at what the other replicas have claimed.
  private static let look = Duration.milliseconds(50)
}
