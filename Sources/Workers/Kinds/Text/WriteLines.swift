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
      .init(
        "format", .word(["lines", "json"]), default: .string("lines"),
        "lines: a text as it is, which may hold no newline, anything else in JSON; json: all in JSON"),
      .init("append", .bool, default: .bool(false), "keep what the file holds"),
      .init(
        "atomic", .bool, default: .bool(false),
        "the file appears, or is replaced, in one step when the input has ended whole; else it stays as it was"),
    ],
    check: check)

  private static func check(_ binding: KindSignature.Binding) -> [KindSignature.Problem] {
    var problems: [KindSignature.Problem] = []
    if binding.replicas > 1 {
      problems.append(
        .init(
          about: .replicas, "\(binding.replicas) replicas of write-lines would write over one another",
          help: "remove `replicas`"))
    }
    guard binding.arguments.bool("atomic") == true else { return problems }
    if binding.arguments.bool("append") == true {
      problems.append(
        .init(parameter: "atomic", "`atomic` replaces the file, and `append` keeps it", help: "remove one of them"))
    }
    if binding.arguments.string("path") == "-" {
      problems.append(
        .init(parameter: "atomic", "a standard output can't be replaced in one step", help: "name a file, or remove it")
      )
    }
    return problems
  }

  private var path: String
  private let appends: Bool
  private let isJSON: Bool
  private let isAtomic: Bool

  init(_ arguments: Arguments) {
    path = arguments.string("path") ?? "-"
    appends = arguments.bool("append") ?? false
    isJSON = arguments.string("format") == "json"
    isAtomic = arguments.bool("atomic") ?? false
  }

  mutating func run(_ worker: Worker) throws {
    guard isAtomic else { return try write(worker) }
    try followLinks()
    do { try write(worker) } catch {
      // In another life the items that are finished don't come again.
      if !worker.mayBeRestarted { unlink(hiddenPath) }
      throw error
    }
  }

  private func write(_ worker: Worker) throws {
    let resumed = worker.absorbed(as: Int64.self)
    // An earlier life may have come as far as that.
    if isAtomic, let resumed, fileLength(hiddenPath) == nil, fileLength(path) == resumed { return }
    let descriptor = try path == "-" ? standardOutput(worker) : open(truncating: !appends && resumed == nil)
    var status = stat()
    let isFile = path != "-" && fstat(descriptor.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isFile, let resumed {
      guard status.st_size >= resumed else { throw isShorter(Int64(status.st_size), than: resumed) }
      try attempt { try descriptor.resize(to: resumed) }
    }
    var length = resumed ?? Int64(status.st_size)
    let input = worker.input
    var lines: [UInt8] = []
    while let batch = try input.next() {
      lines.removeAll(keepingCapacity: true)
      do { try batch.forEach { try append($0, of: input.type, to: &lines) } } catch {
        throw KindFailure.noLine(error, of: "write-lines")
      }
      guard try write(lines, to: descriptor) else { return }
      length += Int64(lines.count)
      if isFile { worker.absorb(length) }
    }
    if isAtomic { try finish(descriptor, input, length) }
  }

  private func append(_ record: UnsafeRawBufferPointer, of type: ItemType, to lines: inout [UInt8]) throws {
    try ItemLine.append(record, of: type, asJSON: isJSON, to: &lines)
    lines.append(UInt8(ascii: "\n"))
  }

  // MARK: Opening and writing

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
        FilePath(isAtomic ? hiddenPath : path), .writeOnly, options: options,
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
    }
  }

  private func isShorter(_ length: Int64, than written: Int64) -> KindFailure {
    KindFailure(
      "write-lines: '\(path)' has \(length) bytes, and \(written) were written: it was cut or removed meanwhile",
      help: "its items are finished and don't come again: start the run anew", isForGood: true)
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

  // MARK: All at once

  /// Beside the file, so that it can take its name in one step. The next life, or the next run that writes the same file,
  /// goes on with it or begins it anew.
  private var hiddenPath: String {
    let path = FilePath(path)
    return path.removingLastComponent().appending(".\(path.lastComponent?.string ?? "").mporch-part").string
  }

  /// What takes the name of a link or of a device would end it.
  private mutating func followLinks() throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw KindFailure("write-lines: '\(path)' is no regular file, which `atomic` could replace", help: "name a file")
    }
    guard let target = realpath(path, nil) else { throw failure(Errno(rawValue: errno)) }
    path = String(cString: target)
    free(target)
  }

  private func fileLength(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }

  private func finish(_ descriptor: FileDescriptor, _ input: Inlet, _ length: Int64) throws {
    guard !input.endedByFailure else {
      unlink(hiddenPath)
      throw KindFailure(
        "the input is incomplete, a process that writes to it failed: '\(path)' is as it was, without the \(length) bytes "
          + "that came", help: "without `atomic` it holds what came", isForGood: true)
    }
    try attempt {
      try check(fsync(descriptor.rawValue))
      try check(rename(hiddenPath, path))
      let folder = try FileDescriptor.open(FilePath(path).removingLastComponent(), .readOnly, options: .closeOnExec)
      defer { try? folder.close() }
      try check(fsync(folder.rawValue))
    }
  }

  private func check(_ outcome: Int32) throws(Errno) {
    if outcome != 0 { throw Errno(rawValue: errno) }
  }
}
