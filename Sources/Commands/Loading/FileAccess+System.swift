import SystemPackage
import Topology

extension FileAccess {
  /// The file system; relative paths start from `folder`, an absolute one.
  static func system(from folder: String) -> FileAccess {
    FileAccess { path, byteLimit in
      access(FilePath(folder).pushing(FilePath(path)).string, byteLimit: byteLimit)
    }
  }

  private static func access(_ path: String, byteLimit: Int) -> Result<[UInt8], Failure> {
    do {
      let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
      return try descriptor.closeAfter { try read(descriptor, byteLimit: byteLimit) }
    } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
      return .failure(.notFound)
    } catch {
      return .failure(.unreadable(reason: "\(error)"))
    }
  }

  /// A pipe has no size to ask for, and a file may grow: what counts is what was read.
  private static func read(_ descriptor: FileDescriptor, byteLimit: Int) throws -> Result<[UInt8], Failure> {
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let taken = try descriptor.read(into: chunk)
      if taken == 0 { return .success(bytes) }
      guard bytes.count + taken <= byteLimit else { return .failure(.tooLarge) }
      bytes.append(contentsOf: chunk[..<taken])
    }
  }
}
