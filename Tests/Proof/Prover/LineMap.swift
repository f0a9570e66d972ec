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
    bytes = try Child.sharedMemory(of: UInt8.self, count: memory.count / Int(proof_line_byte_count))
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

/// The touches of marked lines, one after the other; in memory that a child shares.
final class TouchLog {
  let words: UnsafeMutableBufferPointer<UInt32>

  init() throws { words = try Child.sharedMemory(of: UInt32.self, count: 4096) }
  deinit { munmap(words.baseAddress, words.count * 4) }

  struct Touch {
    var line: Int
    var isWrite: Bool

    func meets(_ other: Touch) -> Bool { line == other.line && (isWrite || other.isWrite) }
  }

  func touches(_ count: Int) -> [Touch] {
    words.prefix(count).map { Touch(line: Int($0 >> 2), isWrite: $0 & UInt32(proof_writes) != 0) }
  }
}
