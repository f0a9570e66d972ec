internal import SystemPackage
internal import Topology

/// Puts each line of its files. Replicas share the bytes of all regular files, laid end to end: a line is of the
/// replica in whose slice it begins. Streams are the first replica's.
///
/// Its checkpoint is the offset, in all those bytes, at which the next line begins; then 1 once a stream was begun.
struct ReadLines: Kind {
  static let signature = KindSignature(
    "read-lines", "Puts each line of its files, without the newline.", answers: .source, splitsByReplica: true,
    outputs: [.init("out", [.string], "lines")],
    parameters: [
      .init(
        "path", .inputPaths, required: true,
        "a file, a glob or a list of them; `-` is the standard input of `mporch up`")
    ])

  private let paths: [String]

  init(_ arguments: Arguments) {
    paths = arguments.strings("path") ?? []
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let standardInput = worker.replica == 1 ? worker.standardInput : nil
    let sources = try LineSource.open(paths, standardInput: standardInput)
    let total = sources.reduce(0) { $0 + ($1.byteCount ?? 0) }
    let slice = ReplicaSlice(of: total, for: worker)
    worker.progressTotal = slice.count
    var fileStart: UInt64 = 0
    for source in sources {
      if let byteCount = source.byteCount {
        let file = fileStart..<fileStart + byteCount
        try readFile(source, at: file, slice, worker, output)
        fileStart = file.upperBound
      } else if worker.replica == 1 {
        try readStream(source, worker, output)
      }
    }
    worker.progressDone = worker.progressTotal
  }

  private func readFile(
    _ source: LineSource, at file: Range<UInt64>, _ slice: ReplicaSlice, _ worker: Worker, _ output: Outlet
  ) throws {
    let resumed = worker.checkpoint.0
    var position = max(file.lowerBound, slice.lower, resumed)
    // Lines that the file has grown by since are not read: their offsets are others'.
    let end = min(file.upperBound, slice.upper)
    guard position < end else { return }
    // A slice begins anywhere: read from the byte before it, and leave out what ends the line before.
    var skips = position > file.lowerBound && resumed < position
    if skips { position -= 1 }
    var text = LineBuffer()
    var readFrom = position
    while position < end {
      let byteCount = try text.fill { try read(source, at: readFrom - file.lowerBound, into: $0) }
      guard byteCount > 0 else { break }
      readFrom += UInt64(byteCount)
      if skips {
        let newline = text.unused.firstIndex(of: 0x0A)
        let skipped = newline.map { $0 + 1 } ?? text.unused.count
        text.use(skipped)
        position += UInt64(skipped)
        skips = newline == nil
      }
      while position < end, let taken = try putLines(of: &text, upTo: end - position, output) {
        position += UInt64(taken)
        // After it: an append may publish the lines before, never its own.
        worker.checkpoint.0 = min(position, file.upperBound)
      }
      worker.progressDone = max(slice.lower, min(position, end)) - slice.lower
    }
    if position < end, !text.unused.isEmpty {
      // The file ends without a newline.
      try output.append(text.unused)
      position += UInt64(text.unused.count) + 1
      worker.checkpoint.0 = file.upperBound
    }
    guard position >= end else {
      throw KindFailure(
        "'\(source.path)' has become shorter while read-lines read it, by \(end - position) bytes at least",
        help: "read a copy of a file that others write")
    }
  }

  /// Puts some of the whole lines that begin in the next `byteCount` bytes; gives their bytes, `nil` if there is none.
  private func putLines(of text: inout LineBuffer, upTo byteCount: UInt64, _ output: Outlet) throws -> Int? {
    var lines = text.lines
    if UInt64(lines.count) > byteCount, let last = lines[Int(byteCount - 1)...].firstIndex(of: 0x0A) {
      lines = UnsafeRawBufferPointer(rebasing: lines[...last])
    }
    guard !lines.isEmpty else {
      if text.unused.count > output.itemByteLimit { throw output.tooLarge(atLeast: text.unused.count) }
      return nil
    }
    let taken = try output.append(linesOf: lines)
    text.use(taken)
    return taken
  }

  /// What a reader of a stream had read and not put when it was killed is gone: better no answer than a gap.
  private func readStream(_ source: LineSource, _ worker: Worker, _ output: Outlet) throws {
    guard worker.checkpoint.1 == 0 else {
      throw KindFailure(
        "read-lines can't read \(source.path) again after it was killed: what it had read is lost",
        help: "put the lines into a file to have them survive", isForGood: true)
    }
    worker.checkpoint.1 = 1
    // Makes the mark last, with nothing published.
    try worker.sleep(for: .zero)
    var text = LineBuffer()
    while true {
      // The next read may wait for long: let the readers have what there is.
      try output.publish()
      guard try text.fill({ try read(source, at: nil, into: $0) }) > 0 else { break }
      while try putLines(of: &text, upTo: .max, output) != nil {}
    }
    if !text.unused.isEmpty { try output.append(text.unused) }
    worker.checkpoint.1 = 0
  }

  private func read(
    _ source: LineSource, at offset: UInt64?, into block: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    do {
      guard let offset else { return try source.descriptor.read(into: block) }
      return try source.descriptor.read(fromAbsoluteOffset: Int64(offset), into: block)
    } catch let error as Errno {
      throw KindFailure("read-lines can't read \(source.path): \(error) (errno \(error.rawValue))")
    }
  }
}
