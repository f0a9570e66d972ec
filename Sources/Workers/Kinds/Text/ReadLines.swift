internal import SystemPackage
internal import Topology

/// Puts each line of its files. Replicas share the bytes of all regular files, laid end to end: a line is of the
/// replica in whose slice it begins. Streams are the first replica's.
///
/// Its checkpoint is the offset, in all those bytes, at which the next line begins; then 1 once a stream was begun.
struct ReadLines: Kind {
  static let signature = KindSignature(
    "read-lines", "Puts each line of its files, without the newline.", answers: .source,
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
    let slice = Slice.of(total, replica: worker.replica, replicas: worker.replicas)
    worker.progressTotal = UInt64(slice.count)
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
    _ source: LineSource, at file: Range<UInt64>, _ slice: Range<UInt64>, _ worker: Worker, _ output: Outlet
  ) throws {
    let resumed = worker.checkpoint.0
    var position = max(file.lowerBound, slice.lowerBound, resumed)
    // Lines that the file has grown by since are not read: their offsets are others'.
    let end = min(file.upperBound, slice.upperBound)
    guard position < end else { return }
    // A slice begins anywhere: read from the byte before it, and leave out what ends the line before.
    var skips = position > file.lowerBound && resumed < position
    if skips { position -= 1 }
    var lines = LineBuffer(longestLine: output.itemByteLimit)
    var readFrom = position
    let put = { (line: UnsafeRawBufferPointer) throws -> Bool in
      let lineStart = position
      position += UInt64(line.count) + 1
      if skips {
        skips = false
        return position < end
      }
      guard lineStart < end else { return false }
      try output.append(line)
      // After it: an append may publish the lines before, never its own.
      worker.checkpoint.0 = min(position, file.upperBound)
      return position < end
    }
    while true {
      let byteCount = try lines.fill({ try read(source, at: readFrom - file.lowerBound, into: $0) }, put)
      guard byteCount > 0 else { break }
      readFrom += UInt64(byteCount)
      worker.progressDone = max(slice.lowerBound, min(position, end)) - slice.lowerBound
    }
    if position < end { try lines.finish(put) }
    guard position >= end else {
      throw KindFailure(
        "'\(source.path)' has become shorter while read-lines read it, by \(end - position) bytes at least; "
          + "read a copy of a file that others write")
    }
  }

  /// What a reader of a stream had read and not put when it was killed is gone: better no answer than a gap.
  private func readStream(_ source: LineSource, _ worker: Worker, _ output: Outlet) throws {
    guard worker.checkpoint.1 == 0 else {
      throw KindFailure(
        "read-lines can't read \(source.path) again after it was killed: what it had read is lost; "
          + "put the lines into a file to have them survive", isForGood: true)
    }
    worker.checkpoint.1 = 1
    // Makes the mark last, with nothing published.
    try worker.sleep(for: .zero)
    var lines = LineBuffer(longestLine: output.itemByteLimit)
    let put = { (line: UnsafeRawBufferPointer) throws -> Bool in
      try output.append(line)
      return true
    }
    while true {
      // The next read may wait for long: let the readers have what there is.
      try output.publish()
      guard try lines.fill({ try read(source, at: nil, into: $0) }, put) > 0 else { break }
    }
    try lines.finish(put)
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
