internal import CPlatform
internal import Glibc
package import SystemPackage

/// Stream sockets between processes of this machine.
package enum UnixSocket {
  /// Listens as `name` in a folder; works however long the folder's path is. Only the user may connect.
  package static func listen(as name: String, inFolder folder: borrowing Descriptor) throws(Errno) -> Descriptor {
    let socket = try make()
    let number = socket.number
    let previous = umask(0o177)
    defer { umask(previous) }
    try withAddress(of: name, in: folder.number) { address, length throws(Errno) in
      try syscall { bind(number, address, length) }
    }
    try syscall { Glibc.listen(number, 128) }
    try socket.setNonBlocking()
    return socket
  }

  /// Connects to what listens as `name` in a folder. Blocking.
  package static func connect(to name: String, inFolder folder: borrowing Descriptor) throws(Errno) -> Descriptor {
    let socket = try make()
    let number = socket.number
    try withAddress(of: name, in: folder.number) { address, length throws(Errno) in
      try syscall { Glibc.connect(number, address, length) }
    }
    return socket
  }

  /// The next who connected, non-blocking; `nil`: nobody.
  package static func accept(on socket: borrowing Descriptor) throws(Errno) -> Descriptor? {
    let number = socket.number
    do {
      return Descriptor(owning: try shim { mporch_accept(number) })
    } catch {
      if error == .wouldBlock || error == .connectionAbort { return nil }
      throw error
    }
  }

  /// Two connected ends, closed on exec.
  package static func pair() throws(Errno) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    try ends.withUnsafeMutableBufferPointer { ends throws(Errno) in
      let address = ends.baseAddress
      try syscall { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, address) }
    }
    return (ends[0], ends[1])
  }

  /// The user at the other end.
  package static func peerUser(of socket: borrowing Descriptor) throws(Errno) -> UInt32 {
    let number = socket.number
    var user = uid_t()
    _ = try withUnsafeMutablePointer(to: &user) { user throws(Errno) in
      try shim { mporch_peer_user(number, user) }
    }
    return user
  }

  private static func make() throws(Errno) -> Descriptor {
    Descriptor(owning: try syscall { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
  }

  /// By way of /proc/self/fd: an address has room for 107 bytes only, and a path may be longer.
  private static func withAddress(
    of name: String, in folder: Int32,
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Errno) -> Void
  ) throws(Errno) {
    let path = Array("/proc/self/fd/\(folder)/\(name)".utf8)
    var address = sockaddr_un()
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .fileNameTooLong }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    try withUnsafePointer(to: &address) { address throws(Errno) in
      try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(Errno) in
        try body(address, length)
      }
    }
  }
}
