internal import CPlatform
internal import Synchronization

/// The old values of what a worker changes in its `DurableRegion` with one batch of its input, so that a batch which is
/// not finished when the worker is killed can be taken back: it comes again.
///
/// Batches are numbered. The number of the last finished one is in the worker's durable state, which changes in one step
/// with the end of the batch's items; so what is noted here for a later batch is of one that was not finished. An entry
/// is absolute, so that taking back may be repeated; and it is noted before the value is changed.
///
/// What a killed process has stored is there for others in the order of its instructions, on every processor: its stores
/// are ordered for itself, and it is looked at only when it is gone. So what has to be kept from changing the order is
/// the compiler alone (`mporch_order_stores`).
package struct UndoLog {
  package struct Entry: BitwiseCopyable {
    package var place: Int
    package var old: UInt64
    package init(place: Int, old: UInt64) {
      self.place = place
      self.old = old
    }
  }

  /// {number of the batch, entries that count}, 32 bits each: they change together.
  private let word: UnsafeMutablePointer<Atomic<UInt64>>
  private var entries: UnsafeMutablePointer<Entry>
  package let capacity: Int
  private(set) package var batch: UInt64
  private(set) package var count = 0

  /// `memory`: 8 bytes that it keeps its state in. `finished`: the last batch whose end has happened.
  package init(
    at memory: UnsafeMutableRawPointer, entries: UnsafeMutableRawPointer, capacity: Int, finished: UInt64
  ) {
    word = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    self.entries = entries.bindMemory(to: Entry.self, capacity: capacity)
    self.capacity = capacity
    batch = finished
  }

  /// Hands over what an unfinished batch has noted, the last first, to put the old values back.
  package func takeBack(_ restore: (Entry) -> Void) {
    let state = word.pointee.load(ordering: .relaxed)
    if UInt32(truncatingIfNeeded: state >> 32) == UInt32(truncatingIfNeeded: batch &+ 1) {
      let noted = min(Int(UInt32(truncatingIfNeeded: state)), capacity)
      for index in (0..<noted).reversed() { restore(entries[index]) }
      mporch_order_stores()
    }
    store(count: 0)
  }

  package mutating func beginBatch() {
    batch &+= 1
    count = 0
  }

  /// Entries written here, `capacity - count` at most, count from `note` on.
  package var next: UnsafeMutablePointer<Entry> { entries + count }

  /// The next entries are there; what they speak of may be changed after this.
  @inline(__always)
  package mutating func note(_ entryCount: Int) {
    count += entryCount
    mporch_order_stores()
    store(count: count)
    mporch_order_stores()
  }

  /// The same entries elsewhere, each of which speaks of another place. They are the log once the worker's own memory
  /// says so.
  package mutating func move(to memory: UnsafeMutableRawPointer, _ moved: (Entry) -> Entry) {
    let others = memory.bindMemory(to: Entry.self, capacity: capacity)
    for index in 0..<count { others[index] = moved(entries[index]) }
    entries = others
  }

  private func store(count: Int) {
    word.pointee.store(batch << 32 | UInt64(UInt32(truncatingIfNeeded: count)), ordering: .relaxed)
  }
}
