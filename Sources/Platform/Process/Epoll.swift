internal import CPlatform
package import SystemPackage

/// Waits for many descriptors at once; each is known by the token it was added with.
package final class Epoll {
  /// That one look gives.
  package static let mostAtOnce = 128

  private let descriptor: Descriptor
  private let found = UnsafeMutableBufferPointer<mporch_readiness>.allocate(capacity: Epoll.mostAtOnce)

  package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 2)
  }

  package struct Readiness: Sendable, Equatable {
    package var token: UInt64
    /// To read: bytes, the end, or an error.
    package var canRead: Bool
    package var canWrite: Bool
    /// Nobody is at the other end any more.
    package var isHungUp: Bool
  }

  package init() throws(Errno) {
    descriptor = Descriptor(owning: try shim { mporch_epoll_create() })
  }

  deinit { found.deallocate() }

  package func add(_ number: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
    let epoll = descriptor.number
    try shim {
      mporch_epoll_add(epoll, number, interest.contains(.read) ? 1 : 0, interest.contains(.write) ? 1 : 0, token)
    }
  }

  package func change(_ number: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
    let epoll = descriptor.number
    try shim {
      mporch_epoll_change(epoll, number, interest.contains(.read) ? 1 : 0, interest.contains(.write) ? 1 : 0, token)
    }
  }

  /// To be called before the descriptor is closed.
  package func remove(_ number: Int32) {
    _ = mporch_epoll_remove(descriptor.number, number)
  }

  /// Waits until something is ready, or `milliseconds` have passed (-1: without end); gives what is ready. Gives
  /// nothing where a signal interrupted it: the time left is the caller's to know.
  package func wait(milliseconds: Int32) throws(Errno) -> [Readiness] {
    let count = mporch_epoll_wait(descriptor.number, found.baseAddress, Int32(found.count), milliseconds)
    guard count >= 0 else {
      let error = Errno(rawValue: -count)
      if error == .interrupted { return [] }
      throw error
    }
    return found.prefix(Int(count)).map {
      Readiness(token: $0.token, canRead: $0.can_read, canWrite: $0.can_write, isHungUp: $0.is_hung_up)
    }
  }
}
