import Topology

/// `increment`: adds to a shared value, the lesson about races.
struct IncrementKind: Kind {
  static let signature = KindSignature(
    "increment", "adds to a shared value many times, with or without protection against races",
    answers: .none,
    uses: [
      .init("value", .value, elementTypes: .numbers, "what is added to; a result out of its range is an error"),
      .init("lock", .lock, required: false, "held for each addition in mode 'locked'"),
    ],
    parameters: [
      .init("by", .number, default: .int(1), "what is added each time"),
      .init("times", .int(0 ... .max), default: .int(1), "how often, each replica"),
      .init(
        "mode", .word(["racing", "atomic", "locked"]), default: .string("racing"),
        "racing: a load, then a store, so that additions get lost; atomic: in one step; locked: under the lock"),
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
    guard let value = worker.value("value") else { return }
    worker.progressTotal = times
    if value.type.isFloatingPoint {
      let by = by.asDouble
      try repeatAdding(
        worker, atomic: { _ = value.addFloat(by) }, plain: { value.storeFloat(value.loadFloat() + by) })
    } else if value.type == .uint64 {
      try addUnsigned(worker, value)
    } else {
      let by = try integerStep(for: value)
      try repeatAdding(
        worker, atomic: { _ = try value.addInt(by) },
        plain: { try value.storeInt(Self.add(by, to: value.loadInt(), of: value.type)) })
    }
  }

  /// `uint64` is loaded and stored as a literal, since half of its range is no `Int64`.
  private func addUnsigned(_ worker: Worker, _ value: SharedValue) throws {
    let by = try integerStep(for: value)
    try repeatAdding(
      worker, atomic: { _ = try value.addInt(by) },
      plain: {
        guard let old = Number(value.load()) else { return }
        let sum = Int128(by) + (old.asInteger ?? 0)
        guard let new = UInt64(exactly: sum) else { throw Self.outOfRange(by, .uint64) }
        try value.store(Number(new).literal)
      })
  }

  /// Specialised for the closures: between the lock's calls there is nothing but the addition.
  @inline(__always)
  private func repeatAdding(_ worker: Worker, atomic: () throws -> Void, plain: () throws -> Void) throws {
    switch mode {
    case .racing: try inBlocks(worker, plain)
    case .atomic: try inBlocks(worker, atomic)
    case .locked:
      guard let lock = worker.lock("lock") else { return }
      try inBlocks(worker) {
        try lock.acquire()
        do { try plain() } catch {
          try lock.release()
          throw error
        }
        try lock.release()
      }
    }
  }

  @inline(__always)
  private func inBlocks(_ worker: Worker, _ step: () throws -> Void) throws {
    var done: UInt64 = 0
    while done < times {
      let end = min(times, done + 8192)
      while done < end {
        try step()
        done += 1
      }
      worker.progressDone = done
    }
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

  @inline(__always)
  private static func add(_ by: Int64, to old: Int64, of type: ElementType) throws -> Int64 {
    let (sum, overflows) = old.addingReportingOverflow(by)
    if overflows { throw outOfRange(by, type) }
    return sum
  }

  private static func outOfRange(_ by: Int64, _ type: ElementType) -> KindFailure {
    KindFailure(
      "adding \(by) leaves the range of \(type.rawValue): declare the value with a wider type, or add less often")
  }
}
