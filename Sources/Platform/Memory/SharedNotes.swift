internal import Glibc
internal import Synchronization
package import SystemPackage

/// Notes that children leave to their parent, in memory that it shares with them: a ring of bytes for each child.
///
/// A child alone writes to its ring, and the parent alone takes from it. A ring takes memory only when something is
/// written there; the counters of all lie together, so that a look at them costs little.
package final class SharedNotes: Sendable {
  // Sendable: the memory is there as long as this is, and what two processes change in it is atomic.
  private nonisolated(unsafe) let memory: UnsafeMutableRawPointer
  private let count: Int
  private let ringByteCount: Int
  private let ringsOffset: Int
  private var byteCount: Int { ringsOffset + count * ringByteCount }
  /// Before each note: its bytes.
  private static let headerByteCount = 4
  private static let pageByteCount = 4096
  private static let pauseMicroseconds: UInt32 = 1000

  /// `ringByteCount`: a power of two.
  package init(count: Int, ringByteCount: Int) throws(Errno) {
    precondition(ringByteCount > 64 && ringByteCount & (ringByteCount - 1) == 0)
    self.count = max(1, count)
    self.ringByteCount = ringByteCount
    ringsOffset = (self.count * 8 + Self.pageByteCount - 1) & ~(Self.pageByteCount - 1)
    let flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = mmap(nil, ringsOffset + self.count * ringByteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory, memory != MAP_FAILED else { throw Errno(rawValue: errno) }
    self.memory = memory
  }

  deinit { munmap(memory, byteCount) }

  /// Bytes that were ever written to a ring, and that were ever taken; they wrap around.
  private func written(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt32>> { counter(index * 2) }
  private func taken(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt32>> { counter(index * 2 + 1) }
  private func counter(_ place: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    (memory + place * 4).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
  }

  private func ring(_ index: Int) -> UnsafeMutableRawPointer { memory + ringsOffset + index * ringByteCount }

  // MARK: The child

  /// Leaves a note, as much of it as a ring holds, and tells the parent by a signal. Waits for room.
  package func leave(_ note: UnsafeRawBufferPointer, at index: Int, tellingBy signal: Int32) {
    guard (0..<count).contains(index) else { return }
    let note = UnsafeRawBufferPointer(rebasing: note.prefix(ringByteCount - Self.headerByteCount))
    let start = written(index).pointee.load(ordering: .relaxed)
    let needed = UInt32(Self.headerByteCount + note.count)
    // Acquire: the parent has read what was there before it counted that as taken.
    while UInt32(ringByteCount) - (start &- taken(index).pointee.load(ordering: .acquiring)) < needed {
      usleep(Self.pauseMicroseconds)
    }
    withUnsafeBytes(of: UInt32(note.count)) { copy($0, into: index, at: start) }
    copy(note, into: index, at: start &+ UInt32(Self.headerByteCount))
    // Release: pairs with the acquire in `take`. A child that is killed before has written nothing.
    written(index).pointee.store(start &+ needed, ordering: .releasing)
    kill(getppid(), signal)
  }

  private func copy(_ bytes: UnsafeRawBufferPointer, into index: Int, at position: UInt32) {
    let offset = Int(position) & (ringByteCount - 1)
    let first = min(bytes.count, ringByteCount - offset)
    guard let base = bytes.baseAddress else { return }
    (ring(index) + offset).copyMemory(from: base, byteCount: first)
    ring(index).copyMemory(from: base + first, byteCount: bytes.count - first)
  }

  // MARK: The parent

  /// Where there are some.
  package var places: [Int] { (0..<count).filter { hasNotes(at: $0) } }

  private func hasNotes(at index: Int) -> Bool {
    written(index).pointee.load(ordering: .acquiring) != taken(index).pointee.load(ordering: .relaxed)
  }

  /// All of a child's, once.
  package func take(at index: Int) -> [[UInt8]] {
    guard (0..<count).contains(index) else { return [] }
    let end = written(index).pointee.load(ordering: .acquiring)
    var position = taken(index).pointee.load(ordering: .relaxed)
    var notes: [[UInt8]] = []
    // What stands in the memory of another process is looked at before it is believed.
    while case let left = Int(end &- position), (Self.headerByteCount...ringByteCount).contains(left) {
      let header = bytes(Self.headerByteCount, of: index, at: position)
      let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= left - Self.headerByteCount else { break }
      notes.append(bytes(length, of: index, at: position &+ UInt32(Self.headerByteCount)))
      position &+= UInt32(Self.headerByteCount + length)
    }
    taken(index).pointee.store(end, ordering: .releasing)
    return notes
  }

  private func bytes(_ count: Int, of index: Int, at position: UInt32) -> [UInt8] {
    let offset = Int(position) & (ringByteCount - 1)
    let first = min(count, ringByteCount - offset)
    return Array(UnsafeRawBufferPointer(start: ring(index) + offset, count: first))
      + Array(UnsafeRawBufferPointer(start: ring(index), count: count - first))
  }
}
