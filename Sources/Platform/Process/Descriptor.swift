internal import CPlatform
internal import Glibc
package import SystemPackage

/// Owns a file descriptor: closed when its owner lets it go.
package struct Descriptor: ~Copyable {
  package let number: Int32

  package init(owning number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Gives the descriptor away, open.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  package enum Transfer: Equatable {
    case count(Int)
    case wouldBlock
  }

  /// `count(0)`: the end.
  package borrowing func read(into bytes: UnsafeMutableRawBufferPointer) throws(Errno) -> Transfer {
    do {
      let number = number
      return .count(try syscall { Glibc.read(number, bytes.baseAddress, bytes.count) })
    } catch {
      guard error == .wouldBlock else { throw error }
      return .wouldBlock
    }
  }

  /// Of a pipe into which nobody writes: what comes is the end, when whoever has its other end is gone.
  package borrowing func awaitEnd() {
    withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { _ = try? read(into: $0) }
  }

  package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Transfer {
    do {
      let number = number
      return .count(try syscall { Glibc.write(number, bytes.baseAddress, bytes.count) })
    } catch {
      guard error == .wouldBlock else { throw error }
      return .wouldBlock
    }
  }

  /// Up to the end; of what can't make a reader wait.
  package borrowing func readAll() throws(Errno) -> [UInt8] {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let transfer = try chunk.withUnsafeMutableBufferPointer { chunk throws(Errno) in
        try read(into: UnsafeMutableRawBufferPointer(chunk))
      }
      guard case .count(let count) = transfer else { throw .wouldBlock }
      if count == 0 { return all }
      all += chunk.prefix(count)
    }
  }

  /// All of it; of what can't make a writer wait.
  package borrowing func writeAll(_ bytes: [UInt8]) throws(Errno) {
    var written = 0
    while written < bytes.count {
      let transfer = try bytes.withUnsafeBufferPointer { bytes throws(Errno) in
        try write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[written...])))
      }
      // What takes nothing of a file, and gives no reason, has no room.
      guard case .count(let count) = transfer, count > 0 else { throw .noSpace }
      written += count
    }
  }

  /// Both in one call, as far as they fit.
  package borrowing func write(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) throws(Errno) -> Transfer {
    let number = number
    let parts = [first, second].map {
      iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
    }
    do {
      return .count(
        try parts.withUnsafeBufferPointer { parts throws(Errno) in
          try syscall { writev(number, parts.baseAddress, Int32(parts.count)) }
        })
    } catch {
      guard error == .wouldBlock else { throw error }
      return .wouldBlock
    }
  }

  /// Now; an error too is something to be told by a write.
  package borrowing func isWritable() -> Bool {
    var poll = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    return Glibc.poll(&poll, 1, 0) > 0
  }

  /// Of a pipe, from either end. `nil`: of something else.
  package var unreadByteCount: Int? {
    let number = number
    return (try? shim { mporch_unread_byte_count(number) }).map(Int.init)
  }

  /// What names the file, pipe or socket that it stands for.
  package var inode: UInt64? {
    var status = stat()
    return fstat(number, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  /// Never for descriptors 0 to 2: their description is shared with the user's shell.
  package borrowing func setNonBlocking() throws(Errno) {
    let number = number
    try shim { mporch_set_nonblocking(number) }
  }

  /// A copy of `number`, closed on exec, at `lowest` or above.
  package static func duplicate(of number: Int32, atLeast lowest: Int32) throws(Errno) -> Descriptor {
    Descriptor(owning: try shim { mporch_duplicate_at_least(number, lowest) })
  }

  /// The reading side of a pipe whose writing side this is.
  package borrowing func openReadingSide() throws(Errno) -> Descriptor {
    let number = number
    return Descriptor(owning: try syscall { Glibc.open("/proc/self/fd/\(number)", O_RDONLY | O_NONBLOCK | O_CLOEXEC) })
  }

  package static func devNull() throws(Errno) -> Descriptor {
    Descriptor(owning: try syscall { Glibc.open("/dev/null", O_RDWR | O_CLOEXEC) })
  }
}
