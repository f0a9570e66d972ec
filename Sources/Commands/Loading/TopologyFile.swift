import Glibc
import Platform
import SystemPackage
import Topology

/// The paths of topologies.
enum TopologyFile {
  static let defaultName = "mporch.yaml"
  /// Standard input.
  private static let stream = "-"

  /// `mporch.yaml` here or in the nearest folder above, as a relative path. One above that others may have put there, or
  /// written, is refused: what it says would be run.
  static func inThisFolderOrAbove() throws(CommandFailure) -> String? {
    var depth = workingDirectory().components.count
    var path = FilePath(defaultName)
    while true {
      if exists(path) {
        if path.components.count > 1 { try checkWriters(of: path) }
        return path.string
      }
      guard depth > 0 else { return nil }
      path = FilePath("..").pushing(path)
      depth -= 1
    }
  }

  /// The absolute path of a file that a user gave.
  static func existing(_ path: String) throws(CommandFailure) -> String {
    guard descriptor(of: path) != nil || exists(FilePath(path)) else {
      throw CommandFailure(
        .noSuchFile, "there is no file '\(path)'", help: "'mporch ls' lists the runs with their files")
    }
    return absolute(path)
  }

  /// The descriptor that a path stands for: standard input, or what a shell has opened and named (`<(…)`).
  static func descriptor(of path: String) -> Int32? {
    if path == stream || path == "/dev/stdin" { return STDIN_FILENO }
    let folder = ["/dev/fd/", "/proc/self/fd/"].first(where: path.hasPrefix)
    return folder.flatMap { Int32(path.dropFirst($0.count)) }
  }

  private static func checkWriters(of path: FilePath) throws(CommandFailure) {
    for place in [path.removingLastComponent(), path] {
      var status = stat()
      guard place.withPlatformString({ stat($0, &status) }) == 0, mayOthersWrite(status) else { continue }
      let file = absolute(path.string)
      throw CommandFailure(
        .usage, "'\(file)' is not taken: others may write to '\(absolute(place.string))'",
        help: "if it is what you mean, name it: -f \(file)")
    }
  }

  /// A group that has its user's number is that user's alone.
  private static func mayOthersWrite(_ status: stat) -> Bool {
    let isOwn = status.st_uid == geteuid() || status.st_uid == 0
    let isGroupOwn = status.st_gid == geteuid() || status.st_gid == 0
    return !isOwn || status.st_mode & S_IWOTH != 0 || (status.st_mode & S_IWGRP != 0 && !isGroupOwn)
  }

  /// Without symbolic links, `.` and `..`, so that two names of one file are one; as it is, if there is no such file.
  /// What comes by a descriptor counts as one file of this folder.
  static func absolute(_ path: String) -> String {
    if descriptor(of: path) != nil { return workingDirectory().appending(stream).string }
    guard let resolved = realpath(path, nil) else { return workingDirectory().pushing(FilePath(path)).string }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The stem of a file, or the name of the folder that `mporch.yaml` is in; `path` is absolute.
  static func defaultProjectName(of path: String) -> String {
    let path = FilePath(path)
    let folder = path.removingLastComponent().lastComponent?.string
    let takesFolder = [defaultName, stream].contains(path.lastComponent?.string)
    return takesFolder ? folder ?? "mporch" : path.stem ?? "mporch"
  }

  /// What the folder of a file is called; the path may lead there by `..` or a link.
  static func folderName(of file: String, from folder: String) -> String? {
    let file = descriptor(of: file) == nil ? file : stream
    return FilePath(absolute(FilePath(folder).pushing(FilePath(file)).removingLastComponent().string)).lastComponent?
      .string
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func workingDirectory() -> FilePath {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return FilePath(platformString: path)
  }

  private static func exists(_ path: FilePath) -> Bool { path.withPlatformString { access($0, F_OK) } == 0 }
}

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
