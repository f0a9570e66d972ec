/// Lines of a stream as they come, for messages and for what a person gives: bytes are added, whole lines are taken, in
/// order.
///
/// No byte is looked at twice: a line may have many megabytes. What must go at the speed of memory has its own ways: logs
/// (`LineAssembler`, `LineScanner`) and the texts that kinds read (`LineBuffer`).
package struct IncomingLines {
  private var bytes: [UInt8] = []
  /// Of the first line that was not taken.
  private var start = 0
  /// From `start` to here there is no newline.
  private var scanned = 0

  package init() {}

  /// Of what was not taken.
  package var byteCount: Int { bytes.count - start }

  package mutating func append(_ more: UnsafeRawBufferPointer) {
    if start > 0 {
      bytes.removeSubrange(..<start)
      scanned -= start
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// Whether `next` gives one.
  package mutating func hasNext() -> Bool {
    scanned = bytes[scanned...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    return scanned < bytes.count
  }

  /// The first line, without its newline; `nil`: none is whole yet.
  package mutating func next() -> [UInt8]? {
    guard hasNext() else { return nil }
    let line = Array(bytes[start..<scanned])
    scanned += 1
    start = scanned
    if start == bytes.count { removeAll() }
    return line
  }

  /// What has begun of a line, once no more comes.
  package mutating func rest() -> [UInt8] {
    defer { removeAll() }
    return Array(bytes[start...])
  }

  package mutating func removeAll() {
    // What was large does not stay in memory.
    bytes.removeAll(keepingCapacity: bytes.count <= 64 << 10)
    (start, scanned) = (0, 0)
  }
}
