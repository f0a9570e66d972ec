import Glibc
import Platform
import SystemPackage

/// One write to a descriptor: how many of the bytes it took.
package typealias LogWrite = (FileDescriptor, UnsafeRawBufferPointer) throws -> Int

/// An instance's log file, appended to, and renamed to `.1`, `.2` … when told; the oldest one goes.
///
/// Whoever has a file open that is renamed or removed reads on in it: nothing is ever written over or cut off.
struct RotatingFile: ~Copyable {
  let path: FilePath
  /// Counts the one that is written.
  private let maxFileCount: Int
  private let write: LogWrite
  private var descriptor: FileDescriptor?
  private(set) var byteCount = 0

  init(path: FilePath, maxFileCount: Int, write: @escaping LogWrite) {
    precondition(maxFileCount >= 1)
    self.path = path
    self.maxFileCount = maxFileCount
    self.write = write
  }

  deinit { try? descriptor?.close() }

  /// Opens the file unless it is open.
  mutating func open() throws {
    guard descriptor == nil else { return }
    let opened = FileDescriptor(rawValue: try PlainFile.open(path.string, O_WRONLY | O_CREAT | O_APPEND))
    descriptor = opened
    byteCount = Int(try opened.seek(offset: 0, from: .end))
  }

  /// Writes as much as can be; with an error where that isn't all.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> (written: Int, errno: Errno?) {
    var written = 0
    do {
      try open()
      while written < bytes.count, let descriptor {
        let taken = try write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
        written += taken
        byteCount += taken
      }
      return (written, nil)
    } catch {
      return (written, error as? Errno ?? .ioError)
    }
  }

  /// Goes on in a new file under the same name.
  mutating func rotate() throws {
    // Removed and not renamed over: ext4 takes that for the replacement of a file and writes it to disk at once.
    try Self.succeed(name(maxFileCount - 1).withPlatformString { unlink($0) })
    for index in stride(from: maxFileCount - 1, through: 1, by: -1) {
      let status = name(index - 1).withPlatformString { from in
        name(index).withPlatformString { to in rename(from, to) }
      }
      try Self.succeed(status)
    }
    let full = descriptor.take()
    byteCount = 0
    try full?.close()
    try open()
  }

  /// What was removed by someone else is no reason to stop.
  private static func succeed(_ status: CInt) throws {
    guard status == 0 || Errno.last == .noSuchFileOrDirectory else { throw Errno.last }
  }

  private func name(_ index: Int) -> FilePath { index == 0 ? path : FilePath("\(path.string).\(index)") }
}
