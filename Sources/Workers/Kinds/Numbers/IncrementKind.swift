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
      try repeatAdding(worker, value, tally, atomic: { _ = value.addFloat(by) }) { value.bits(adding: by, to: $0) }
    } else {
      let by = try integerStep(for: value)
      try repeatAdding(worker, value, tally, atomic: { _ = try value.addInt(by) }) { old in
        guard let new = value.bits(adding: by, to: old) else {
          throw outOfRange("\(value.integer(old))", of: value.type)
        }
        return new
      }
    }
  }

  /// `sum`: the bits of the value behind the next addition.
  @inline(__always)
  private func repeatAdding(
    _ worker: Worker, _ value: SharedValue, _ tally: Tally, atomic: () throws -> Void,
    sum: (UInt64) throws -> UInt64
  ) throws {
    try inBlocks(worker, tally) { done in
      if mode == .atomic {
        try atomic()
      } else {
        let old = value.loadBits()
        Self.pause(atAddition: done)
        value.storeBits(try sum(old))
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

  fileprivate func integerStep(for value: SharedValue) throws -> Int64 {
    switch by {
    case .int(let by): return by
    case .float(let by):
      if let exact = Int64(exactly: by) { return exact }
    case .unsigned: break
    }
    throw KindFailure(
      "'by: \(by)' can't be added to a value of type \(value.type.rawValue)",
      help: "give an integer, or declare the value with type float64")
  }

  fileprivate func outOfRange(_ old: String, of type: ElementType) -> SharedValue.OutOfRange {
    SharedValue.OutOfRange(value: "\(old) + \(by)", type: type)
  }

  fileprivate var step: Double { by.asDouble }
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
    case .uint64:
      let by = Int128(try kind.integerStep(for: value))
      try add(UInt64.self, bits: { $0 }) { UInt64(exactly: Int128($0) + by) }
    case .float32: try add(Float.self, bits: { UInt64($0.bitPattern) }) { Float(Double($0) + kind.step) }
    case .float64: try add(Double.self, bits: { $0.bitPattern }) { $0 + kind.step }
    }
  }

  @inline(__always)
  private func add<Value: FixedWidthInteger & BitwiseCopyable>(integers type: Value.Type) throws {
    let by = try kind.integerStep(for: value)
    try add(type, bits: { UInt64(truncatingIfNeeded: $0) }) { old in
      let (sum, overflows) = Int64(old).addingReportingOverflow(by)
      return overflows ? nil : Value(exactly: sum)
    }
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
        throw kind.outOfRange("\(place.pointee)", of: value.type)
      }
      tally.intend(done + 1, storing: bits(new))
      place.pointee = new
      tally.count(done + 1)
      try lock.release()
    }
  }
}
