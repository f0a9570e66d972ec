import Topology

/// `range`: puts integers; its replicas share them by contiguous slices.
struct RangeKind: Kind {
  static let signature = KindSignature(
    "range", "puts the integers from start to below stop; replicas share them by slices",
    answers: .source, splitsByReplica: true,
    outputs: [.init("out", [.int64], "the integers")],
    parameters: [
      .init("start", .int(.min ... .max), default: .int(0), "the first integer"),
      .init("stop", .int(.min ... .max), required: true, "where it ends; is not put itself"),
      .init("step", .int(.min ... .max), default: .int(1), "from one to the next; below 0 counts down; not 0"),
    ],
    check: { binding in
      binding.arguments.int("step") == 0
        ? [.init(parameter: "step", "a step of 0 never reaches 'stop'", help: "give a step of 1 or more, or below 0")]
        : []
    })

  private let sequence: ArithmeticSequence

  init(_ arguments: Arguments) throws {
    sequence = ArithmeticSequence(
      start: arguments.int("start") ?? 0, stop: arguments.int("stop") ?? 0, step: arguments.int("step") ?? 1)
  }

  func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let slice = ReplicaSlice(of: sequence.count, for: worker)
    worker.progressTotal = slice.count
    // How many of the slice are published.
    var done = min(worker.checkpoint.0, slice.count)
    var next = sequence[slice.lower &+ done]
    while done < slice.count {
      worker.progressDone = done
      let end = min(slice.count, done + 4096)
      while done < end {
        // Before the append, since that may publish what was appended so far, and only that.
        worker.checkpoint = (done, 0)
        try output.append(next)
        // Wraps behind the last one only, which then is not put.
        next &+= sequence.step
        done += 1
      }
    }
    worker.checkpoint = (done, 0)
    worker.progressDone = done
  }
}

/// The integers from `start` by `step` to before `stop`.
struct ArithmeticSequence: Equatable {
  let start: Int64
  let step: Int64
  let count: UInt64

  init(start: Int64, stop: Int64, step: Int64) {
    self.start = start
    self.step = step
    let isEmpty = step == 0 || (step > 0 ? start >= stop : start <= stop)
    // Differences of two int64 fit a uint64.
    let distance = step > 0 ? UInt64(bitPattern: stop &- start) : UInt64(bitPattern: start &- stop)
    count = isEmpty ? 0 : (distance - 1) / step.magnitude + 1
  }

  subscript(index: UInt64) -> Int64 { start &+ Int64(bitPattern: index) &* step }
}
