internal import Synchronization

/// Watches what comes through a queue, from outside: only reads memory, takes no lock, and is never waited for.
///
/// Records lie in the ring until writers need the room, and before they write there the head has moved past. So bytes
/// are copied first; if the head then is not past where they began, they were whole. What was overwritten by then is
/// missed, and counted.
package struct QueueTap {
  private let queue: Queue
  /// Of the next record to show.
  private var position: UInt64
  /// Items put before the tap began.
  private let base: UInt64
  private var shown: UInt64 = 0
  private var scratch: UnsafeMutableRawBufferPointer

  private static let smallestWindow = 512
  private static let usualWindow = 64 << 10

  package struct Look {
    /// Payloads, oldest first; those over `cut` bytes are cut.
    package var items: [(payload: [UInt8], byteCount: Int)] = []
    /// Nothing is left to show for now; then `notShown` is how many items in all, put since the start, were not shown.
    package var notShown: UInt64?
    package var isUpToDate: Bool { notShown != nil }
    /// Nothing will come any more.
    package var isEnded = false
  }

  /// From now on.
  package init(_ queue: Queue) {
    self.queue = queue
    (position, base) = queue.cell.peek { ($0.tail, $0.puts) }
    scratch = .allocate(byteCount: Self.usualWindow, alignment: 64)
  }

  package func deallocate() { scratch.deallocate() }

  /// At most so many items, each cut to `cut` bytes.
  package mutating func look(itemLimit: Int, cut: Int) -> Look {
    var window = scratch.count
    var look = Look()
    while itemLimit > 0, window >= Self.smallestWindow {
      let state = queue.cell.snapshot()
      look.isEnded = state.isClosed && state.isDrained
      // Where it is behind, from what nobody has taken: before that may lie what was shown, if the state has leapt. And,
      // whatever stands there, no further than the tail.
      let start = min(position < state.head ? state.next : position, state.tail)
      guard let copy = copy(from: start, to: state.tail, atMost: window) else {
        window /= 8
        continue
      }
      let end = parse(copy, from: start, itemLimit: itemLimit, cut: cut, &look)
      if look.items.isEmpty, end < state.tail, grow(for: copy) {
        window = scratch.count
        continue
      }
      position = end
      // Only the rest of the ring's end was there.
      if look.items.isEmpty, end > start, end < state.tail { continue }
      shown += UInt64(look.items.count)
      if end == state.tail { look.notShown = state.puts &- base &- shown }
      break
    }
    return look
  }

  /// Goes on with what comes from now on. Gives how many items in all, of those put since the start, were not shown.
  package mutating func skip() -> UInt64 {
    let (tail, puts) = queue.cell.peek { ($0.tail, $0.puts) }
    position = tail
    return puts &- base &- shown
  }

  // MARK: Copying

  /// `nil`: it was written over meanwhile.
  private func copy(from start: UInt64, to tail: UInt64, atMost limit: Int) -> UnsafeRawBufferPointer? {
    let byteCount = Int(min(tail - start, queue.ring.contiguous(from: start), UInt64(limit)))
    let copy = UnsafeRawBufferPointer(rebasing: scratch[..<byteCount])
    scratch.baseAddress!.copyMemory(from: queue.ring.address(start), byteCount: byteCount)
    // The copy is done before the head is looked at.
    atomicMemoryFence(ordering: .acquiring)
    return queue.cell.peek(\.head) <= start ? copy : nil
  }

  /// A record that is larger than the window; false: it is not, or no record.
  private mutating func grow(for copy: UnsafeRawBufferPointer) -> Bool {
    guard queue.ring.stride == 0, copy.count >= Ring.headerByteCount else { return false }
    let needed = Ring.framedByteCount(payload: Int(copy.load(as: UInt32.self)))
    guard needed > scratch.count, needed <= Int(queue.ring.byteCount) else { return false }
    scratch.deallocate()
    scratch = .allocate(byteCount: needed, alignment: 64)
    return true
  }

  // MARK: Reading the copy, whose bytes others wrote

  /// Gives the position behind what was read.
  private func parse(
    _ copy: UnsafeRawBufferPointer, from start: UInt64, itemLimit: Int, cut: Int, _ look: inout Look
  ) -> UInt64 {
    var offset = 0
    while look.items.count < itemLimit, let (payload, end) = record(copy, at: offset) {
      if let payload {
        look.items.append((Array(payload.prefix(cut)), payload.count))
      } else {
        return start &+ queue.ring.contiguous(from: start)
      }
      offset = end
    }
    return start &+ UInt64(offset)
  }

  /// A record's payload (`nil`: the rest of the ring's end is skipped) and where it ends; `nil`: it is not all there.
  private func record(
    _ copy: UnsafeRawBufferPointer, at offset: Int
  ) -> (payload: UnsafeRawBufferPointer?, end: Int)? {
    let stride = queue.ring.stride
    if stride > 0 {
      guard offset + stride <= copy.count else { return nil }
      return (UnsafeRawBufferPointer(rebasing: copy[offset..<offset + stride]), offset + stride)
    }
    guard offset + Ring.headerByteCount <= copy.count else { return nil }
    let length = copy.load(fromByteOffset: offset, as: UInt32.self)
    if length == Ring.skipMark { return (nil, offset) }
    let end = offset + Ring.framedByteCount(payload: Int(length))
    guard end <= copy.count else { return nil }
    let first = offset + Ring.headerByteCount
    return (UnsafeRawBufferPointer(rebasing: copy[first..<first + Int(length)]), end)
  }
}
