import Glibc
import Platform
import SystemPackage
import Topology

extension FileAccess {
  /// The file system; relative paths start from `folder`, an absolute one.
  static func system(from folder: String) -> FileAccess {
    FileAccess { path, byteLimit in
      if let stream = TopologyFile.descriptor(of: path) { return read(FileDescriptor(rawValue: stream), byteLimit) }
      return access(FilePath(folder).pushing(FilePath(path)).string, byteLimit)
    }
  }

  private static func access(_ path: String, _ byteLimit: Int) -> Result<[UInt8], Failure> {
    do {
      // Of what is no file this does not wait for somebody at its other end.
      let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
      return try descriptor.closeAfter {
        if PlainFile.mayBlock(descriptor.rawValue) {
          return .failure(
            .unreadable(reason: "it is a FIFO, a socket or a device; give what it holds by standard input: -"))
        }
        return read(descriptor, byteLimit)
      }
    } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
      return .failure(.notFound)
    } catch {
      return .failure(.unreadable(reason: "\(error)"))
    }
  }

  /// A pipe has no size to ask for, and a file may grow: what counts is what was read.
  private static func read(_ descriptor: FileDescriptor, _ byteLimit: Int) -> Result<[UInt8], Failure> {
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { chunk.deallocate() }
    do {
      while true {
        let taken = try descriptor.read(into: chunk)
        if taken == 0 { return .success(bytes) }
        guard bytes.count + taken <= byteLimit else { return .failure(.tooLarge) }
        bytes.append(contentsOf: chunk[..<taken])
      }
    } catch {
      return .failure(.unreadable(reason: "\(error)"))
    }
  }
}
