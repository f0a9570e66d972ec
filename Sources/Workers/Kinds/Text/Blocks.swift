internal import Topology

/// Puts blocks of bytes; its checkpoint is the number of the next.
struct Blocks: Kind {
  static let signature = KindSignature(
    "blocks", "Puts blocks of bytes, each of which begins with its number; replicas share them.", answers: .source,
    splitsByReplica: true,
    outputs: [.init("out", [.bytes], "the blocks")],
    parameters: [
      .init("count", .int(0 ... .max), required: true, "how many, from all replicas together"),
      .init("size", .size, default: .int(64 << 10), "bytes of a block: 8 of its number, little-endian; 8 or more"),
    ],
    check: { binding in
      let size = binding.arguments.int("size") ?? 0
      if size < numberByteCount {
        return [.init(parameter: "size", "a block of \(size) bytes has no room for its number", help: "give 8 or more")]
      }
      // Where the items may be of any type, a head of up to 9 bytes goes before the block.
      return binding.outputs["out", default: []].filter { Int64($0.byteCount) < size }.map {
        .init(
          parameter: "size", "a block of \(size) bytes is larger than the \($0.byteCount) bytes of what it is put into",
          help: "raise its 'bytes'")
      }
    })

  private static let numberByteCount = 8
  private let count: UInt64
  private let byteCount: Int

  init(_ arguments: Arguments) {
    count = UInt64(arguments.int("count") ?? 0)
    byteCount = Int(arguments.int("size") ?? 0)
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let slice = ReplicaSlice(of: count, for: worker)
    worker.progressTotal = slice.count
    var block = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
    var done = min(worker.checkpoint.0, slice.count)
    while done < slice.count {
      // Before the append, since that may publish what was appended so far, and only that.
      worker.checkpoint = (done, 0)
      worker.progressDone = done
      try block.withUnsafeMutableBytes { bytes in
        bytes.storeBytes(of: (slice.lower + done).littleEndian, as: UInt64.self)
        try output.append(UnsafeRawBufferPointer(bytes))
      }
      done += 1
    }
    worker.checkpoint = (done, 0)
    worker.progressDone = done
  }
}
