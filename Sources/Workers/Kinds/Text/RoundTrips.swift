import Glibc
internal import Topology

/// Sends back what it gets.
struct Echo: ItemKind {
  static let signature = KindSignature(
    "echo", "Puts each item back, as `ping` wants it.", answers: .itemByItem, taskResult: .value,
    inputs: [.init("in", [], "items")],
    outputs: [.init("out", [], typeFollowsInput: "in", "the same items")])

  init(_ arguments: Arguments) {}

  func answer(_ record: UnsafeRawBufferPointer, of type: ItemType, to output: some ItemOutput) throws {
    try output.append(record: record, of: type)
  }
}

/// Measures round trips to an `echo`.
struct Ping: Kind {
  static let signature = KindSignature(
    "ping", "Sends messages to an `echo`, one at a time, checks what returns and prints the times.", answers: .none,
    inputs: [.init("in", TextPort.types, "what returns")], outputs: [.init("out", TextPort.types, "messages")],
    parameters: [
      .init("count", .int(1...10_000_000), default: .int(10_000), "round trips that are measured"),
      .init("size", .size, default: .int(8), "bytes of a message"),
      .init("warmup", .int(0...10_000_000), default: .int(100), "round trips before, not measured"),
    ],
    check: { binding in
      let size = binding.arguments.int("size") ?? 8
      return binding.outputs["out", default: []].filter { Int64($0.byteCount) < size + 16 }.map { pipe in
        .init(parameter: "size", "a message of \(size) bytes does not fit in \(pipe.byteCount) bytes with its head")
      }
    })

  private let count: Int
  private let byteCount: Int
  private let warmUpCount: Int

  init(_ arguments: Arguments) {
    count = Int(arguments.int("count") ?? 10_000)
    byteCount = Int(arguments.int("size") ?? 8)
    warmUpCount = Int(arguments.int("warmup") ?? 100)
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    // Each message is a window of this, 26 different ones: a lost, repeated or mixed-up one is seen.
    let alphabet = (0..<byteCount + 26).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    var times: [UInt64] = []
    times.reserveCapacity(count)
    try alphabet.withUnsafeBytes { bytes in
      var start = worker.now
      for number in 0..<(warmUpCount + count) {
        let first = number % 26
        let message = UnsafeRawBufferPointer(rebasing: bytes[first..<first + byteCount])
        try output.append(message)
        try receive(message, number, input)
        let end = worker.now
        if number >= warmUpCount { times.append(end - start) }
        start = end
      }
    }
    try report(times, worker)
  }

  /// Publishes what was appended, and waits for what returns.
  private func receive(_ message: UnsafeRawBufferPointer, _ number: Int, _ input: Inlet) throws {
    guard let batch = try input.next(exactly: 1, linger: nil) else {
      throw KindFailure("ping: the other side ended before message \(number + 1) returned")
    }
    try batch.forEach { record in
      let text = try TextPort.text(of: record, input.type, for: "ping")
      guard text.count == message.count, memcmp(text.baseAddress!, message.baseAddress!, text.count) == 0 else {
        throw KindFailure(
          "ping: message \(number + 1) returned changed: \(ItemView(record, input.type).excerpt)")
      }
    }
  }

  private func report(_ times: [UInt64], _ worker: Worker) throws {
    let sorted = times.sorted()
    let mean = times.reduce(0, +) / UInt64(times.count)
    try worker.print(
      "\(count) round trips: median \(sorted[count / 2]) ns, mean \(mean) ns, p99 \(sorted[count * 99 / 100]) ns")
  }
}
