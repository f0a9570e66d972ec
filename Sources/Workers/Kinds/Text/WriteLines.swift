import Glibc
internal import Platform
internal import SystemPackage
internal import Topology

/// Writes each item as a line of a file.
///
/// The length of the file, published with the end of each batch, is what it keeps over a kill: what was written after
/// that is cut off, since those items come again.
struct WriteLines: Kind {
  static let signature = KindSignature(
    "write-lines", "Writes each item as a line of a file.", answers: .sink, inputs: [.init("in", [], "items")],
    parameters: [
      .init("path", .outputPath, required: true, "the file; `-` is the standard output of `mporch up`"),
      .init("append", .bool, default: .bool(false), "keep what the file holds"),
    ],
    check: { binding in
      guard binding.replicas > 1 else { return [] }
      return [
        .init(
          about: .replicas, "\(binding.replicas) replicas of write-lines would write over one another",
          help: "remove `replicas`")
      ]
    })

  private let path: String
  private let appends: Bool

  init(_ arguments: Arguments) {
    path = arguments.string("path") ?? "-"
    appends = arguments.bool("append") ?? false
  }

  mutating func run(_ worker: Worker) throws {
    let resumed = worker.absorbed(as: Int64.self)
    let descriptor = try path == "-" ? standardOutput(worker) : open(truncating: !appends && resumed == nil)
    var status = stat()
    let isFile = path != "-" && fstat(descriptor.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    var length = resumed ?? Int64(status.st_size)
    if isFile && resumed != nil { try attempt { try descriptor.resize(to: length) } }
    let input = worker.input
    var lines: [UInt8] = []
    while let batch = try input.next() {
      lines.removeAll(keepingCapacity: true)
      try batch.forEach { record in
        try ItemView(record, input.type).appendDisplay(to: &lines)
        lines.append(UInt8(ascii: "\n"))
      }
      guard try write(lines, to: descriptor) else { return }
      length += Int64(lines.count)
      if isFile { worker.absorb(length) }
    }
  }

  private func standardOutput(_ worker: Worker) throws -> FileDescriptor {
    guard let descriptor = worker.standardOutput else {
      throw KindFailure(
        "write-lines: `-` is the standard output of a foreground `mporch up`", help: "with `-d` name a file")
    }
    // That nobody reads it any more is an error of the write, and no signal.
    CurrentProcess.ignoreFailingWrites()
    return descriptor
  }

  private func open(truncating: Bool) throws -> FileDescriptor {
    var options: FileDescriptor.OpenOptions = [.create, .append, .closeOnExec]
    if truncating { options.insert(.truncate) }
    return try attempt {
      try FileDescriptor.open(
        FilePath(path), .writeOnly, options: options,
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
    }
  }

  /// `false`: nobody reads the standard output any more, which ends the work as in `mporch up | head`.
  private func write(_ lines: [UInt8], to descriptor: FileDescriptor) throws -> Bool {
    do {
      try descriptor.writeAll(lines)
      return true
    } catch Errno.brokenPipe where path == "-" {
      return false
    } catch let error as Errno {
      throw failure(error)
    }
  }

  private func attempt<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as Errno { throw failure(error) }
  }

  private func failure(_ error: Errno) -> KindFailure {
    KindFailure(
      "write-lines can't write '\(path)': \(error) (errno \(error.rawValue))",
      help: "check `path`, its folder and its rights")
  }
}
