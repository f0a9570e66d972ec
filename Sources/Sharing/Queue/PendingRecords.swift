/// Records that a writer has collected and not published: private memory, in the form that the ring has.
package struct PendingRecords {
  /// Not including what `first` has passed.
  package private(set) var count: Int
  package private(set) var payloadByteCount: Int
  package private(set) var bytes: UnsafeRawBufferPointer
  private let format: RecordFormat

  package init(_ bytes: UnsafeRawBufferPointer, count: Int, payloadByteCount: Int, format: RecordFormat) {
    self.bytes = bytes
    self.count = count
    self.payloadByteCount = payloadByteCount
    self.format = format
  }

  /// The first `count` records; walks framed ones.
  package func prefix(_ count: Int) -> PendingRecords {
    if count == self.count { return self }
    let (byteCount, payload) = extent(of: count)
    return PendingRecords(
      UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]), count: count, payloadByteCount: payload, format: format)
  }

  /// Without the first `count`.
  package func dropFirst(_ count: Int) -> PendingRecords {
    let (byteCount, payload) = extent(of: count)
    return PendingRecords(
      UnsafeRawBufferPointer(rebasing: bytes[byteCount...]), count: self.count - count,
      payloadByteCount: payloadByteCount - payload, format: format)
  }

  /// How many of the first records have at most so many payload bytes together.
  func countFitting(payloadByteCount limit: Int) -> Int {
    if case .fixed(let stride) = format { return limit / stride }
    var fitting = 0
    var total = 0
    var position = 0
    while fitting < count {
      let payload = payloadByteCount(at: position)
      total += payload
      if total > limit { break }
      position += Ring.recordByteCount(payload: payload, format: format)
      fitting += 1
    }
    return fitting
  }

  /// Of the first records, those of which each has more payload bytes.
  func countExceeding(payloadByteCount limit: Int) -> Int {
    if case .fixed(let stride) = format { return stride > limit ? count : 0 }
    var (exceeding, position) = (0, 0)
    while exceeding < count {
      let payload = payloadByteCount(at: position)
      if payload <= limit { break }
      position += Ring.recordByteCount(payload: payload, format: format)
      exceeding += 1
    }
    return exceeding
  }

  /// The last records: as many as are no more than `capacity` and have no more than so many payload bytes together.
  func newest(capacity: Int, payloadByteCount limit: Int) -> PendingRecords {
    var excess = max(0, count - capacity)
    if case .fixed(let stride) = format {
      excess = max(excess, count - limit / stride)
      return excess > 0 ? dropFirst(excess) : self
    }
    var newest = excess > 0 ? dropFirst(excess) : self
    while newest.payloadByteCount > limit { newest = newest.dropFirst(1) }
    return newest
  }

  private func payloadByteCount(at position: Int) -> Int {
    Int(bytes.load(fromByteOffset: position, as: UInt32.self))
  }

  private func extent(of count: Int) -> (byteCount: Int, payload: Int) {
    if case .fixed(let stride) = format { return (count * stride, count * stride) }
    if count == self.count { return (bytes.count, payloadByteCount) }
    var position = 0
    var payloads = 0
    for _ in 0..<count {
      let payload = payloadByteCount(at: position)
      payloads += payload
      position += Ring.recordByteCount(payload: payload, format: format)
    }
    return (position, payloads)
  }
}
