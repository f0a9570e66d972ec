import Glibc
import Platform
import SystemPackage

/// What stays the same when a file is renamed.
struct FileIdentity: Hashable {
  private let device: UInt
  private let inode: UInt

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
  }
}

/// One file of a rotated set, open for reading; closed with its last reference. While it is open no other file gets
/// its identity.
final class OpenLogFile {
  let descriptor: FileDescriptor
  let identity: FileIdentity
  let path: FilePath
  /// Under which it was last found. Rotation makes it higher, nothing makes it lower.
  var index: Int

  init(_ path: FilePath, index: Int) throws {
    descriptor = FileDescriptor(rawValue: try PlainFile.open(path.string, O_RDONLY))
    self.path = path
    self.index = index
    identity = FileIdentity(try Self.status(of: descriptor))
  }

  deinit { try? descriptor.close() }

  /// Whether rotation, or a new run, has removed it.
  func isRemoved() throws -> Bool { try Self.status(of: descriptor).st_nlink == 0 }

  func byteCount() throws -> Int { Int(try Self.status(of: descriptor).st_size) }

  private static func status(of descriptor: FileDescriptor) throws -> stat {
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno.last }
    return status
  }
}
