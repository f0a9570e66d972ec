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
    guard let tally = worker.tally(ofChangesTo: "value") else { return }
    worker.progressTotal = times
    _ = try worker.storing(into: "value") { try add(worker, $0, tally) }
  }

  private func add(_ worker: Worker, _ value: SharedValue, _ tally: Tally) throws {
    if mode == .locked, let lock = worker.lock("lock") {
      return try LockedAdding(worker: worker, lock: lock, value: value, tally: tally, kind: self).run()
    }
    if value.type.isFloatingPoint {
      let by = by.asDouble
      try repeatAdding(worker, value, tally) { value.bits(adding: by, to: $0) }
    } else {
      let by = try integerStep(for: value)
      try repeatAdding(worker, value, tally) { value.bits(adding: by, to: $0) }
    }
  }

  /// `sum`: the bits of the value behind the next addition; `nil`: out of its range.
  @inline(__always)
  private func repeatAdding(
    _ worker: Worker, _ value: SharedValue, _ tally: Tally, sum: (UInt64) -> UInt64?
  ) throws {
    func next(_ old: UInt64) throws -> UInt64 {
      guard let new = sum(old) else { throw value.outOfRange(adding: "\(by)", to: old) }
      return new
    }
    try inBlocks(worker, tally) { done in
      if mode == .atomic {
        try value.update(next)
      } else {
        let old = value.loadBits()
        Self.pause(atAddition: done)
        value.storeBits(try next(old))
      }
      tally.count(done + 1)
    }
  }

  @inline(__always)
  fileprivate func inBlocks(_ worker: Worker, _ tally: Tally, _ step: (_ done: UInt64) throws -> Void) throws {
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

  fileprivate func integerStep(for value: SharedValue) throws -> Int128 {
    // Wider steps than any integer has lead out of every range; they are no reason to overflow.
    if let exact = by.asInteger, abs(exact) <= Int128(UInt64.max) { return exact }
    throw KindFailure(
      "'by: \(by)' can't be added to a value of type \(value.type.rawValue)",
      help: "give an integer, or declare the value with type float64")
  }

  fileprivate var step: Double { by.asDouble }
  fileprivate var stepText: String { "\(by)" }
}

/// Mode `locked`. For each type by itself: between the lock's calls there is nothing but the addition.
private struct LockedAdding {
  let worker: Worker
  let lock: SharedLock
  let value: SharedValue
  let tally: Tally
  let kind: IncrementKind

  func run() throws {
    switch value.type {
    case .bool: return
    case .int8: try add(integers: Int8.self)
    case .int16: try add(integers: Int16.self)
    case .int32: try add(integers: Int32.self)
    case .int64: try add(integers: Int64.self)
    case .uint8: try add(integers: UInt8.self)
    case .uint16: try add(integers: UInt16.self)
    case .uint32: try add(integers: UInt32.self)
    case .uint64: try add(integers: UInt64.self)
    case .float32:
      try add(Float.self, bits: { UInt64($0.bitPattern) }) { old in finite(Float(Double(old) + kind.step), old) }
    case .float64: try add(Double.self, bits: { $0.bitPattern }) { old in finite(old + kind.step, old) }
    }
  }

  @inline(__always)
  private func add<Value: FixedWidthInteger & BitwiseCopyable>(integers type: Value.Type) throws {
    let by = try kind.integerStep(for: value)
    try add(type, bits: { UInt64(truncatingIfNeeded: $0) }) { old in Value(exactly: Int128(old) + by) }
  }

  /// `nil`: an infinity that finite numbers have made.
  @inline(__always)
  private func finite<Value: BinaryFloatingPoint>(_ sum: Value, _ old: Value) -> Value? {
    sum.isInfinite && old.isFinite && kind.step.isFinite ? nil : sum
  }

  @inline(__always)
  private func add<Value: BitwiseCopyable>(
    _ type: Value.Type, bits: (Value) -> UInt64, sum: (Value) -> Value?
  ) throws {
    let place = value.place(as: type)
    // As members of `self` they would be copied for each addition.
    let (lock, tally) = (lock, tally)
    try kind.inBlocks(worker, tally) { done in
      try lock.acquire()
      guard let new = sum(place.pointee) else {
        try lock.release()
        throw value.outOfRange(adding: kind.stepText, to: bits(place.pointee))
      }
      tally.intend(done + 1, storing: bits(new))
      place.pointee = new
      tally.count(done + 1)
      try lock.release()
    }
  }
}
