internal import CPlatform

/// The bytes of a queue or of one direction of a pipe, and how records lie in them.
///
/// Positions count bytes and only grow; `position & mask` is where they are. A record never wraps: where the rest up
/// to the end is too short for it, a `skipMark` stands instead and the record is at the start.
package struct Ring: @unchecked Sendable {
  // Sendable: a place in shared memory; who may touch which part of it is settled by the queue or pipe.
  let base: UnsafeMutableRawPointer
  let mask: UInt64
  package let format: RecordFormat
  /// Bytes of a number; 0 where records are framed.
  private let strideBytes: UInt64
  package var stride: Int { Int(strideBytes) }

  static let skipMark = UInt32.max
  @inlinable package static var headerByteCount: Int { 4 }

  package init(base: UnsafeMutableRawPointer, byteCount: Int, format: RecordFormat) {
    self.base = base
    self.mask = UInt64(byteCount - 1)
    self.format = format
    if case .fixed(let byteCount) = format { strideBytes = UInt64(byteCount) } else { strideBytes = 0 }
  }

  /// A power of two in which records of so many bytes, together or as one, fit wherever the last one ended, beside as
  /// much that is lent.
  package static func byteCount(holding recordByteCount: Int) -> Int {
    max(4096, 1 << (Int.bitWidth - (2 * recordByteCount - 1).leadingZeroBitCount))
  }

  package var byteCount: UInt64 { mask + 1 }

  @inlinable package static func recordByteCount(payload: Int, format: RecordFormat) -> Int {
    if case .fixed(let stride) = format { return stride }
    return framedByteCount(payload: payload)
  }

  @inlinable package static func framedByteCount(payload: Int) -> Int { (headerByteCount + payload + 3) & ~3 }

  @inline(__always)
  func address(_ position: UInt64) -> UnsafeMutableRawPointer { base + Int(position & mask) }

  /// Bytes from `position` to the end of the ring.
  @inline(__always)
  func contiguous(from position: UInt64) -> UInt64 { byteCount - (position & mask) }

  /// A run of whole records that lie one behind another.
  package struct Run {
    package var from: UInt64
    package var to: UInt64
    package var items: Int
    package var payloadByteCount: Int

    package init(from: UInt64, to: UInt64, items: Int, payloadByteCount: Int) {
      self.from = from
      self.to = to
      self.items = items
      self.payloadByteCount = payloadByteCount
    }
  }

  /// Up to `limit` records from `position`, as far as they are contiguous; at least one where `position < end`.
  package func run(from position: UInt64, to end: UInt64, limit: Int) -> Run {
    var run = Run(from: position, to: position, items: 0, payloadByteCount: 0)
    guard position < end, limit > 0 else { return run }
    if stride > 0 {
      let available = min(end - position, contiguous(from: position))
      run.items = min(limit, Int(available / strideBytes))
      run.payloadByteCount = run.items * stride
      run.to = position + UInt64(run.payloadByteCount)
      return run
    }
    if isSkip(position) {
      run.from = position + contiguous(from: position)
      run.to = run.from
    }
    let stop = min(end, run.from + contiguous(from: run.from))
    while run.items < limit, run.to < stop, !isSkip(run.to) {
      let payload = payloadByteCount(at: run.to)
      run.to += UInt64(Self.recordByteCount(payload: payload, format: .framed))
      run.items += 1
      run.payloadByteCount += payload
    }
    return run
  }

  /// As `run`, of framed records that others may take and overwrite meanwhile: then it gives `nil` or nonsense, and the
  /// caller must see that they did.
  func foreseenRun(from position: UInt64, to end: UInt64, limit: Int) -> Run? {
    var run = Run(from: position, to: position, items: 0, payloadByteCount: 0)
    guard position < end else { return nil }
    if isSkip(position) {
      run.from = position + contiguous(from: position)
      run.to = run.from
    }
    let stop = min(end, run.from + contiguous(from: run.from))
    while run.items < limit, run.to < stop {
      let payload = Int(address(run.to).load(as: UInt32.self))
      if payload == Int(Self.skipMark) { break }
      // Another processor has written them: each header would be a wait of its own.
      mporch_prefetch(address(run.to &+ 1024))
      mporch_prefetch(address(run.to &+ 1088))
      run.to += UInt64(Self.framedByteCount(payload: payload))
      guard run.to <= stop else { return nil }
      run.items += 1
      run.payloadByteCount += payload
    }
    return run.items > 0 ? run : nil
  }

  @inline(__always)
  func isSkip(_ position: UInt64) -> Bool { address(position).load(as: UInt32.self) == Self.skipMark }

  /// Of a framed record. The length was written by another process: one that leads out of the ring is refused.
  @inline(__always)
  func payloadByteCount(at position: UInt64) -> Int {
    let length = UInt64(address(position).load(as: UInt32.self))
    precondition(length + UInt64(Self.headerByteCount) <= contiguous(from: position), "a ring's record is damaged")
    return Int(length)
  }

  /// Of the first record of a run.
  @inline(__always)
  func payloadByteCount(of run: Run) -> Int { stride > 0 ? stride : payloadByteCount(at: run.from) }

  /// Of a run of one record.
  func payload(of record: Run) -> UnsafeRawBufferPointer {
    let start = stride > 0 ? 0 : Ring.headerByteCount
    return UnsafeRawBufferPointer(
      rebasing: bytes(from: record.from, to: record.to)[start..<(start + record.payloadByteCount)])
  }

  /// As `run`, past the end of the ring as well.
  func wrappingRun(from position: UInt64, to end: UInt64, limit: Int) -> Run {
    var run = run(from: position, to: end, limit: limit)
    while run.items > 0, run.items < limit, run.to < end {
      let more = self.run(from: run.to, to: end, limit: limit - run.items)
      run.to = more.to
      run.items += more.items
      run.payloadByteCount += more.payloadByteCount
    }
    return run
  }

  /// Where a record may begin.
  func isPlace(_ position: UInt64) -> Bool { position & (stride > 0 ? strideBytes - 1 : 3) == 0 }

  /// As `wrappingRun`, of records that a stray store may have spoilt: `nil`, if they are no whole ones that end at `end`
  /// or before.
  func soundRun(from position: UInt64, to end: UInt64, limit: Int) -> Run? {
    guard isPlace(position), isPlace(end), position <= end, end - position <= byteCount,
      // A last skip leads past the end by less than the ring: positions end later.
      end <= .max - byteCount
    else { return nil }
    if stride > 0 { return wrappingRun(from: position, to: end, limit: limit) }
    var run = Run(from: position, to: position, items: 0, payloadByteCount: 0)
    while run.items < limit, run.to < end {
      let left = contiguous(from: run.to)
      if isSkip(run.to) {
        if run.items == 0 { run.from = run.to + left }
        run.to += left
      } else {
        let payload = UInt64(address(run.to).load(as: UInt32.self))
        let byteCount = UInt64(Self.framedByteCount(payload: Int(payload)))
        guard byteCount <= min(left, end - run.to) else { return nil }
        run.to += byteCount
        run.items += 1
        run.payloadByteCount += Int(payload)
      }
    }
    return run.to <= end ? run : nil
  }

  /// The first contiguous part of a run, which mostly is all of it.
  package func firstPart(of run: Run) -> Run {
    run.to - run.from <= contiguous(from: run.from)
      ? run : self.run(from: run.from, to: run.to, limit: run.items)
  }

  /// Behind the first `items` records of a run.
  package func position(behind items: Int, of run: Run) -> UInt64 {
    wrappingRun(from: run.from, to: run.to, limit: items).to
  }

  /// What of `whole` comes behind its part `part`.
  package func rest(of whole: Run, after part: Run) -> Run {
    // Skips the mark at the ring's end.
    let next = run(from: part.to, to: whole.to, limit: whole.items - part.items)
    return Run(
      from: next.from, to: whole.to, items: whole.items - part.items,
      payloadByteCount: whole.payloadByteCount - part.payloadByteCount)
  }

  /// The bytes of a run that its reader holds.
  package func bytes(from: UInt64, to: UInt64) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: address(from), count: Int(to - from))
  }

  /// Of the records of a lease up to `to`.
  func payloadByteCount(from: UInt64, to: UInt64, of lease: Lease) -> UInt64 {
    if to == lease.to { return lease.payloadByteCount }
    return UInt64(soundRun(from: from, to: to, limit: Int(lease.items))?.payloadByteCount ?? 0)
  }

  /// Copies records behind `tail` and gives the new tail; makes the skip where they would wrap. The caller has made
  /// sure that `advance(...)` of the same records fits.
  func write(_ records: UnsafeRawBufferPointer, at tail: UInt64) -> UInt64 {
    var tail = tail
    var rest = records
    while !rest.isEmpty {
      let part = prefix(of: rest, within: Int(contiguous(from: tail)))
      if part > 0 { address(tail).copyMemory(from: rest.baseAddress!, byteCount: part) }
      tail &+= UInt64(part)
      rest = UnsafeRawBufferPointer(rebasing: rest[part...])
      if !rest.isEmpty, tail & mask != 0 {
        address(tail).storeBytes(of: Self.skipMark, as: UInt32.self)
        tail &+= contiguous(from: tail)
      }
    }
    return tail
  }

  /// Where the tail would be after `write`.
  func advance(_ tail: UInt64, by records: UnsafeRawBufferPointer) -> UInt64 {
    if UInt64(records.count) <= contiguous(from: tail) { return tail &+ UInt64(records.count) }
    let part = prefix(of: records, within: Int(contiguous(from: tail)))
    let start = tail &+ contiguous(from: tail)
    return start &+ UInt64(records.count - part)
  }

  /// Bytes of the whole records at the start of `records` that take at most `byteCount`.
  private func prefix(of records: UnsafeRawBufferPointer, within byteCount: Int) -> Int {
    if records.count <= byteCount { return records.count }
    if stride > 0 { return byteCount / stride * stride }
    var end = 0
    while end < records.count {
      let payload = Int(records.load(fromByteOffset: end, as: UInt32.self))
      let next = end + Self.recordByteCount(payload: payload, format: .framed)
      if next > byteCount { break }
      end = next
    }
    return end
  }
}
