internal import CPlatform
internal import Glibc
package import SystemPackage

/// A pipe whose both ends are closed on exec.
package struct Pipe: ~Copyable {
  package let reading: Descriptor
  package let writing: Descriptor

  package init() throws(Errno) {
    let ends = try Self.numbers()
    reading = Descriptor(owning: ends.reading)
    writing = Descriptor(owning: ends.writing)
  }

  /// A pipe whose ends have no owner yet.
  package static func numbers() throws(Errno) -> (reading: Int32, writing: Int32) {
    var ends: (Int32, Int32) = (-1, -1)
    _ = try withUnsafeMutablePointer(to: &ends) { ends throws(Errno) in
      try ends.withMemoryRebound(to: Int32.self, capacity: 2) { ends throws(Errno) in
        try syscall { pipe2(ends, O_CLOEXEC) }
      }
    }
    return (ends.0, ends.1)
  }

  /// Asks for room for `byteCount` bytes; the system may refuse, and the pipe works as it was.
  package borrowing func requestCapacity(_ byteCount: Int) { Self.requestCapacity(byteCount, of: writing.number) }

  package static func requestCapacity(_ byteCount: Int, of number: Int32) {
    _ = mporch_set_pipe_capacity(number, Int32(clamping: byteCount))
  }

  /// Closes the writing end.
  package consuming func takeReading() -> Descriptor { reading }

  /// Closes the reading end.
  package consuming func takeWriting() -> Descriptor { writing }
}
