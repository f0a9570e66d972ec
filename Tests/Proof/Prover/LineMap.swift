import Glibc
import Sharing
import Tracing

/// Something about each cache line of the arena; in memory that a child shares.
///
/// Lines, and not bytes: what one processor sees of another's changes is by lines as well.
final class LineMap {
  let bytes: UnsafeMutableBufferPointer<UInt8>

  struct Touches: OptionSet {
    let rawValue: UInt8
    static let read = Touches(rawValue: UInt8(proof_reads))
    static let written = Touches(rawValue: UInt8(proof_writes))
  }

  init(of memory: UnsafeMutableRawBufferPointer) throws {
    let count = memory.count / Int(proof_line_byte_count)
    let shared = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let shared, shared != MAP_FAILED else { throw Unplayable(description: "mmap: errno \(errno)") }
    bytes = UnsafeMutableBufferPointer(start: shared.bindMemory(to: UInt8.self, capacity: count), count: count)
  }

  deinit { munmap(bytes.baseAddress, bytes.count) }

  var markedCount: Int { bytes.count { $0 != 0 } }

  /// Marks where an access of one and an access of the other meet, one of which writes.
  func mark(_ one: LineMap, meeting other: LineMap) {
    for index in bytes.indices {
      let (mine, others) = (Touches(rawValue: one.bytes[index]), Touches(rawValue: other.bytes[index]))
      let meets = others.contains(.written) && !mine.isEmpty || mine.contains(.written) && !others.isEmpty
      bytes[index] = meets ? 1 : 0
    }
  }
}
