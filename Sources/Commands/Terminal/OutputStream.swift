import Glibc
import Platform
import Supervisor
import SystemPackage
import Text
import Topology

/// A standard stream of the command. Writing to one whose reader has gone does nothing: a broken standard output
/// changes nothing in a run.
final class OutputStream {
  enum Sort: Equatable {
    case terminal
    /// Takes whatever is given, without waiting for anyone.
    case file
    /// Pipes, sockets: someone reads, at their own pace.
    case stream
  }

  let descriptor: FileDescriptor
  let sort: Sort
  /// Whether nobody reads any more.
  private(set) var isBroken = false
  /// Why what was written is not where it should be, though someone may wait for it there: a full disk.
  private(set) var failure: Errno?

  init(_ descriptor: FileDescriptor) {
    self.descriptor = descriptor
    sort = Self.sort(of: descriptor)
  }

  var isTerminal: Bool { sort == .terminal }

  /// Columns of the terminal; `nil` for anything else.
  var width: Int? {
    guard isTerminal, let size = TerminalSize(of: descriptor.rawValue) else { return nil }
    return size.columns
  }

  /// Writes all of it; waits for its reader.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) {
    var written = 0
    while written < bytes.count, !isBroken {
      let taken = write(UnsafeRawBufferPointer(rebasing: bytes[written...]), atMost: .max)
      // Someone else made the description non-blocking.
      if taken == 0 { waitUntilWritable() }
      written += taken
    }
  }

  /// Writes a part without waiting, if `poll` says that the stream is writable. Returns how many bytes are done with.
  func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
    switch unwaiting {
    case .descriptor(let descriptor): write(bytes, atMost: .max, to: descriptor)
    // What has any room has room for this much.
    case .smallWrites: write(bytes, atMost: Int(PIPE_BUF))
    }
  }

  /// How to write without waiting for a reader.
  private enum Unwaiting {
    case descriptor(FileDescriptor)
    case smallWrites
  }

  /// The stream's description is shared with others, so it must not be made non-blocking: another one is opened.
  /// A socket can't be opened, nor another user's pipe.
  private lazy var unwaiting: Unwaiting = {
    if sort == .file { return .descriptor(descriptor) }
    let opened = open("/proc/self/fd/\(descriptor.rawValue)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return opened < 0 ? .smallWrites : .descriptor(FileDescriptor(rawValue: opened))
  }()

  private func write(
    _ bytes: UnsafeRawBufferPointer, atMost limit: Int, to target: FileDescriptor? = nil
  ) -> Int {
    guard !isBroken, bytes.count > 0 else { return bytes.count }
    do {
      return try (target ?? descriptor).write(UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, limit)]))
    } catch Errno.resourceTemporarilyUnavailable {
      return 0
    } catch {
      if sort == .file, error as? Errno != .brokenPipe { failure = error as? Errno }
      // EPIPE of a reader that has gone, EIO of a terminal that was closed, ENOSPC of a full disk: whichever it is,
      // nothing more arrives here.
      isBroken = true
      return bytes.count
    }
  }

  /// Waits until one of the descriptors is readable, or the time is over; false if the reader of this stream goes first.
  func waitForInput(on descriptors: [Int32], milliseconds: Int32 = -1) -> Bool {
    // No event is asked for: an error is told of in any case.
    var entries = [pollfd(fd: descriptor.rawValue, events: 0, revents: 0)]
    entries += descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&entries, nfds_t(entries.count), milliseconds) < 0, errno == EINTR {}
    if entries[0].revents != 0 { isBroken = true }
    return !isBroken || entries[1...].contains { $0.revents != 0 }
  }

  private func waitUntilWritable() {
    var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
    while poll(&entry, 1, -1) < 0, errno == EINTR {}
  }

  private static func sort(of descriptor: FileDescriptor) -> Sort {
    if isatty(descriptor.rawValue) == 1 { return .terminal }
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else { return .file }
    switch status.st_mode & S_IFMT {
    case S_IFIFO, S_IFSOCK: return .stream
    default: return .file
    }
  }
}

extension OutputStream {
  /// An item on a line of its own. As text it goes out byte by byte as it is, but to a terminal, which it could harm.
  func write(item: WireItem, isJSON: Bool) {
    var bytes = isJSON ? Array(item.json.utf8) : item.plain
    if isTerminal { bytes = Array(TerminalText.escaped(String(decoding: bytes, as: UTF8.self)).utf8) }
    bytes.append(UInt8(ascii: "\n"))
    bytes.withUnsafeBytes { write($0) }
  }
}

extension OutputStream {
  /// On a terminal, unless `NO_COLOR` is set (https://no-color.org) or the terminal can't.
  func hasColour(_ environment: ProcessEnvironment) -> Bool {
    isTerminal && environment.nonEmpty("NO_COLOR") == nil && environment["TERM"] != "dumb"
  }
}
