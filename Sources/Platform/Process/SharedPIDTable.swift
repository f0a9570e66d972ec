internal import Glibc
package import SystemPackage

/// Process ids in memory that children share as long as they are told to (see `inherited`).
///
/// One process writes; another reads after the writer's death, so plain stores do.
package final class SharedPIDTable {
  private let slots: UnsafeMutableBufferPointer<Int32>
  private var byteCount: Int { slots.count * MemoryLayout<Int32>.stride }

  package init(count: Int) throws(Errno) {
    let byteCount = max(1, count) * MemoryLayout<Int32>.stride
    let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { throw Errno(rawValue: errno) }
    slots = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Int32.self, capacity: max(1, count)), count: max(1, count))
    madvise(memory, byteCount, MADV_DONTFORK)
  }

  deinit { munmap(slots.baseAddress, byteCount) }

  /// 0: none.
  package subscript(index: Int) -> Int32 {
    get { slots[index] }
    set { slots[index] = newValue }
  }

  package var pids: [Int32] { slots.filter { $0 > 0 } }

  /// Where there is one.
  package var occupied: [Int] { slots.indices.filter { slots[$0] > 0 } }

  /// Children forked by `body` have the table too.
  package func inherited<Result>(by body: () throws(Errno) -> Result) throws(Errno) -> Result {
    madvise(slots.baseAddress, byteCount, MADV_DOFORK)
    defer { madvise(slots.baseAddress, byteCount, MADV_DONTFORK) }
    return try body()
  }
}
