import Glibc
internal import SystemPackage

/// One of the files that `read-lines` reads.
struct LineSource {
  let path: String
  let descriptor: FileDescriptor
  /// `nil`: a stream (a terminal, a pipe), which can't be shared and can't be read twice.
  let byteCount: UInt64?

  /// The files that `paths` name, in their order; a glob's sorted. `-` only where there is a standard input.
  static func open(_ paths: [String], standardInput: FileDescriptor?) throws -> [LineSource] {
    try paths.flatMap { path -> [LineSource] in
      if path == "-" {
        return standardInput.map { [LineSource(path: "standard input", descriptor: $0, byteCount: nil)] } ?? []
      }
      return try expand(path).map { try LineSource(opening: $0) }
    }
  }

  private init(path: String, descriptor: FileDescriptor, byteCount: UInt64?) {
    self.path = path
    self.descriptor = descriptor
    self.byteCount = byteCount
  }

  private init(opening path: String) throws {
    do {
      descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    } catch let error as Errno {
      throw KindFailure(
        "read-lines can't open '\(path)': \(error) (errno \(error.rawValue))",
        help: "check `path`, which is relative to the topology file")
    }
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else {
      throw KindFailure("read-lines can't look at '\(path)': \(Errno(rawValue: errno)) (errno \(errno))")
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw KindFailure(
        "read-lines can't read '\(path)': it is a folder",
        help: "name its files, such as '\(path)/*.txt'")
    }
    self.path = path
    // Files of the kernel's (/proc) say 0 whatever is in them.
    byteCount = status.st_mode & S_IFMT == S_IFREG && status.st_size > 0 ? UInt64(status.st_size) : nil
  }

  /// A path that exists is meant as it is, even with a `*` in its name.
  private static func expand(_ path: String) throws -> [String] {
    guard access(path, F_OK) != 0, path.contains(where: { "*?[".contains($0) }) else { return [path] }
    var matches = glob_t()
    defer { globfree(&matches) }
    // A folder that a pattern matches beside files is marked by a slash, and left out.
    let status = glob(path, GLOB_MARK, nil, &matches)
    let files = (0..<Int(matches.gl_pathc)).compactMap { matches.gl_pathv[$0].map { String(cString: $0) } }
      .filter { !$0.hasSuffix("/") }
    guard status == 0, !files.isEmpty else {
      throw KindFailure("no file matches '\(path)'", help: "check `path`, which is relative to the topology file")
    }
    return files
  }
}
