internal import Glibc
internal import Platform
internal import Sharing
import Topology

/// `increment`: adds to a shared value, the lesson about races.
struct IncrementKind: Kind {
  static let signature = KindSignature(
    "increment",
    "adds to a shared value many times, with or without protection against races; one that is started again goes on "
      + "where it was: in mode 'locked' exactly, in the others a kill may repeat one addition",
    answers: .none,
    uses: [
      .init("value", .value, elementTypes: .numbers, "what is added to; a result out of its range is an error"),
      .init("lock", .lock, required: false, "held for each addition in mode 'locked'"),
    ],
    parameters: [
      .init("by", .number, default: .int(1), "what is added each time"),
      .init("times", .int(0 ... .max), default: .int(1), "how often, each replica, in all its lives"),
      .init(
        "mode", .word(["racing", "atomic", "locked"]), default: .string("racing"),
        "racing: a load, then a store, now and then with a pause between them, so that additions get lost; "
          + "atomic: in one step; locked: under the lock"),
    ],
    check: { binding in
      binding.arguments.string("mode") == "locked" && !binding.uses.contains("lock")
        ? [
          .init(
            parameter: "mode", "mode 'locked' needs a lock, and 'use' gives none",
            help: "declare one under 'locks' and write 'use: {value: …, lock: NAME}'")
        ] : []
    })

  private enum Mode: String { case racing, atomic, locked }

  private let by: Number
  private let times: UInt64
  private let mode: Mode

  init(_ arguments: Arguments) throws {
    by = arguments["by"].flatMap { Number($0) } ?? .int(1)
    times = UInt64(arguments.int("times") ?? 1)
    mode = arguments.string("mode").flatMap(Mode.init) ?? .racing
  }

  func run(_ worker: Worker) throws {
    guard let value = worker.value("value"), let tally = worker.tally(ofChangesTo: "value") else { return }
    worker.progressTotal = times
    if value.type.isFloatingPoint {
      let by = by.asDouble
      try repeatAdding(worker, value, tally, atomic: { _ = value.addFloat(by) }) { value.bits(adding: by, to: $0) }
    } else {
      let by = try integerStep(for: value)
      try repeatAdding(worker, value, tally, atomic: { _ = try value.addInt(by) }) { old in
        guard let new = value.bits(adding: by, to: old) else { throw Self.outOfRange(by, value.type) }
        return new
      }
    }
  }

  /// `sum`: the bits of the value behind the next addition. Specialised for the closures: between the lock's calls there
  /// is nothing but the addition.
  @inline(__always)
  private func repeatAdding(
    _ worker: Worker, _ value: SharedValue, _ tally: Tally, atomic: () throws -> Void,
    sum: (UInt64) throws -> UInt64
  ) throws {
    switch mode {
    case .racing:
      try inBlocks(worker, tally) { done in
        let old = value.loadBits()
        Self.pause(atAddition: done)
        value.storeBits(try sum(old))
        tally.add()
      }
    case .atomic:
      try inBlocks(worker, tally) { _ in
        try atomic()
        tally.add()
      }
    case .locked:
      guard let lock = worker.lock("lock") else { return }
      try inBlocks(worker, tally) { _ in
        try lock.acquire()
        do {
          let new = try sum(value.loadBits())
          tally.add(storing: new) { value.storeBits(new) }
        } catch {
          try lock.release()
          throw error
        }
        try lock.release()
      }
    }
  }

  @inline(__always)
  private func inBlocks(_ worker: Worker, _ tally: Tally, _ step: (_ done: UInt64) throws -> Void) throws {
    var done = tally.count
    worker.progressDone = done
    while done < times {
      let end = min(times, done + 8192)
      while done < end {
        try step(done)
        done += 1
      }
      worker.progressDone = done
    }
  }

  /// Between the load and the store of a racing addition. Few additions take less time than a process to start, so
  /// that without the first pauses one process would be done before the other begins, and nothing would race.
  @inline(__always)
  private static func pause(atAddition index: UInt64) {
    if index % 512 != 0 && index >= 8 { return }
    if index < 8 { usleep(500) } else { sched_yield() }
  }

  private func integerStep(for value: SharedValue) throws -> Int64 {
    switch by {
    case .int(let by): return by
    case .float(let by):
      if let exact = Int64(exactly: by) { return exact }
    case .unsigned: break
    }
    throw KindFailure(
      "'by: \(by)' can't be added to a value of type \(value.type.rawValue): give an integer, "
        + "or declare the value with type float64")
  }

  private static func outOfRange(_ by: Int64, _ type: ElementType) -> KindFailure {
    KindFailure(
      "adding \(by) leaves the range of \(type.rawValue): declare the value with a wider type, or add less often")
  }
}
