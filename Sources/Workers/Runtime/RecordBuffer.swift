internal import Glibc
internal import Sharing

/// Records that an outlet has collected for one port: private memory in the form of the port's ring.
final class RecordBuffer {
  private(set) var count = 0
  private(set) var payloadByteCount = 0
  private var start = 0
  private var end = 0
  private var memory: UnsafeMutableRawBufferPointer
  private let format: RecordFormat
  private var recordStart = 0

  init(format: RecordFormat) {
    self.format = format
    memory = .allocate(byteCount: 32 << 10, alignment: 64)
  }

  deinit { memory.deallocate() }

  var byteCount: Int { end - start }

  var pending: PendingRecords {
    PendingRecords(
      UnsafeRawBufferPointer(rebasing: memory[start..<end]), count: count, payloadByteCount: payloadByteCount,
      format: format)
  }

  @inline(__always)
  func removeAll() { (start, end, count, payloadByteCount) = (0, 0, 0, 0) }

  func dropFirst(_ records: Int) {
    if records == count { return removeAll() }
    let rest = pending.dropFirst(records)
    start = end - rest.bytes.count
    count = rest.count
    payloadByteCount = rest.payloadByteCount
  }

  // MARK: Numbers

  @inline(__always)
  func appendFixed<Value: BitwiseCopyable>(_ value: Value) {
    let size = MemoryLayout<Value>.size
    if end + size > memory.count { grow(by: size) }
    memory.storeBytes(of: value, toByteOffset: end, as: Value.self)
    end += size
    count += 1
    payloadByteCount += size
  }

  /// A number as it lies in another ring.
  func appendRaw(_ bytes: UnsafeRawBufferPointer) {
    add(bytes)
    count += 1
    payloadByteCount += bytes.count
  }

  /// A record in the form of the ring.
  func append(_ record: PendingRecords) {
    add(record.bytes)
    count += record.count
    payloadByteCount += record.payloadByteCount
  }

  /// Takes the last record back.
  func dropLast() {
    let kept = pending.prefix(count - 1)
    end = start + kept.bytes.count
    count = kept.count
    payloadByteCount = kept.payloadByteCount
  }

  // MARK: Framed records: begin, add parts, finish

  @inline(__always)
  func beginRecord() {
    recordStart = end
    if end + Ring.headerByteCount > memory.count { grow(by: Ring.headerByteCount) }
    end += Ring.headerByteCount
  }

  @inline(__always)
  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    if end + bytes.count > memory.count { grow(by: bytes.count) }
    (memory.baseAddress! + end).copyMemory(from: base, byteCount: bytes.count)
    end += bytes.count
  }

  @inline(__always)
  func add(_ byte: UInt8) {
    if end == memory.count { grow(by: 1) }
    memory[end] = byte
    end += 1
  }

  /// The record's payload so far.
  var openPayloadByteCount: Int { end - recordStart - Ring.headerByteCount }

  @inline(__always)
  func finishRecord() {
    let payload = openPayloadByteCount
    memory.storeBytes(of: UInt32(payload), toByteOffset: recordStart, as: UInt32.self)
    let padded = (end + 3) & ~3
    if padded > memory.count { grow(by: 4) }
    end = padded
    count += 1
    payloadByteCount += payload
  }

  func cancelRecord() { end = recordStart }

  /// Adds each line of `text`, without its newline, as a record: while there are fewer records than `countLimit` and
  /// fewer bytes than `byteLimit`, no line is longer than `longest`, and a newline follows. Gives the bytes of `text`
  /// that it took.
  func appendLines(
    of text: UnsafeRawBufferPointer, countLimit: Int, byteLimit: Int, longest: Int
  ) -> Int {
    guard let base = text.baseAddress else { return 0 }
    var taken = 0
    // In registers while the loop runs.
    var (count, end, payloadByteCount) = (self.count, self.end, self.payloadByteCount)
    while count < countLimit, end - start < byteLimit, let newline = memchr(base + taken, 0x0A, text.count - taken) {
      let byteCount = UnsafeRawPointer(newline) - (base + taken)
      if byteCount > longest { break }
      let next = end + Ring.framedByteCount(payload: byteCount)
      if next > memory.count {
        self.end = end
        grow(by: next - end)
      }
      let record = memory.baseAddress! + end
      record.storeBytes(of: UInt32(byteCount), as: UInt32.self)
      (record + Ring.headerByteCount).copyMemory(from: base + taken, byteCount: byteCount)
      taken += byteCount + 1
      end = next
      count += 1
      payloadByteCount += byteCount
    }
    (self.count, self.end, self.payloadByteCount) = (count, end, payloadByteCount)
    return taken
  }

  private func grow(by byteCount: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(memory.count * 2, end + byteCount + 64), alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<end]))
    memory.deallocate()
    memory = larger
  }
}

extension RecordBuffer {
  /// The head of a CBOR item (RFC 8949 §3): major type 0 to 7 and its argument.
  @inline(__always)
  func addCBORHead(major: UInt8, _ argument: UInt64) {
    let type = major << 5
    switch argument {
    case 0..<24: add(type | UInt8(argument))
    case 24...0xFF:
      add(type | 24)
      add(UInt8(argument))
    case 0x100...0xFFFF: addBigEndian(type | 25, UInt16(argument))
    case 0x1_0000...0xFFFF_FFFF: addBigEndian(type | 26, UInt32(argument))
    default: addBigEndian(type | 27, argument)
    }
  }

  func addBigEndian<Value: FixedWidthInteger>(_ initial: UInt8, _ value: Value) {
    add(initial)
    withUnsafeBytes(of: value.bigEndian) { add($0) }
  }
}
