import Glibc
import SystemPackage

/// Lines of a stream as they come: all that are there at once, so that a slow writer's lines do not wait.
struct LineReader {
  private static let byteCountAtOnce = 32 << 10

  private let descriptor: FileDescriptor
  private var rest: [UInt8] = []
  private var isAtEnd = false

  init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  /// Without their newlines; the last one may have none. `nil`: there are no more.
  mutating func next() -> [[UInt8]]? {
    while !isAtEnd {
      let scanned = rest.count
      read()
      if let end = rest[scanned...].lastIndex(of: UInt8(ascii: "\n")) {
        let lines = rest[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
          Array($0)
        }
        rest.removeSubrange(...end)
        return lines
      }
    }
    defer { rest = [] }
    return rest.isEmpty ? nil : [rest]
  }

  private mutating func read() {
    withUnsafeTemporaryAllocation(byteCount: Self.byteCountAtOnce, alignment: 16) { bytes in
      let count = (try? descriptor.read(into: bytes)) ?? 0
      isAtEnd = count == 0
      rest.append(contentsOf: bytes[..<count])
    }
  }
}
