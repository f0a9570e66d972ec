import Glibc
import SystemPackage

/// Tells which files of a folder were written, created, renamed or removed (inotify).
final class DirectoryWatch {
  enum Event: Equatable {
    case changed(fileName: String)
    /// More happened than the kernel kept.
    case overflow
  }

  /// Readable when events wait.
  let descriptor: FileDescriptor
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  init(_ path: FilePath) throws(LogError) {
    let opened = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard opened >= 0 else { throw LogError(operation: "watch the log folder", path: path, errno: .last) }
    descriptor = FileDescriptor(rawValue: opened)
    let events = UInt32(IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO)
    guard path.withPlatformString({ inotify_add_watch(opened, $0, events) }) >= 0 else {
      throw LogError(operation: "watch the log folder", path: path, errno: .last)
    }
  }

  deinit {
    buffer.deallocate()
    try? descriptor.close()
  }

  /// What happened since the last call; never waits.
  func events() throws -> [Event] {
    var events: [Event] = []
    while true {
      do {
        let byteCount = try descriptor.read(into: buffer)
        events += parse(UnsafeRawBufferPointer(rebasing: buffer[..<byteCount]))
      } catch Errno.resourceTemporarilyUnavailable {
        return events
      }
    }
  }

  private func parse(_ bytes: UnsafeRawBufferPointer) -> [Event] {
    var events: [Event] = []
    var offset = 0
    while offset < bytes.count {
      let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      offset += MemoryLayout<inotify_event>.size
      let name = bytes[offset..<offset + Int(event.len)].prefix { $0 != 0 }
      offset += Int(event.len)
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
        events.append(.overflow)
      } else if !name.isEmpty {
        events.append(.changed(fileName: String(decoding: name, as: UTF8.self)))
      }
    }
    return events
  }
}
