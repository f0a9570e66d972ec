internal import Topology

/// The many items that a kind with a table answers at its end, each of them once: they are the same, in the same order,
/// whenever they are made again, and a life behind a killed one leaves out those that are published.
struct AnswersAtEnd {
  private let worker: Worker
  private let output: Outlet?
  private var count: UInt64 = 0
  /// By earlier lives, in whole publishes; what is more than those the outlet leaves out.
  private let publishedBefore: UInt64

  init(of worker: Worker) {
    self.worker = worker
    output = worker.output
    publishedBefore = worker.checkpoint.0
  }

  mutating func append(_ record: UnsafeRawBufferPointer, of type: ItemType) throws {
    if count >= publishedBefore {
      // Before the append, since that may publish what was appended so far, and only that.
      worker.checkpoint = (count, 0)
      try output?.append(record: record, of: type)
    }
    count += 1
  }

  /// Puts all out.
  func finish() throws {
    worker.checkpoint = (count, 0)
    try output?.publish()
    worker.completeAnswer()
  }
}

extension KindSignature.Parameter {
  /// What `ProcessBinder` looks at for a kind with a table.
  static let durable = Self(
    "durable", .bool,
    "keep the table in shared memory, so that another life goes on from it; if not given: where `restart` starts it again"
  )
}
