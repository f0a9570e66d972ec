import SystemPackage

/// Stores what one instance prints: takes chunks as they were read from its pipes, assembles lines, stamps them with
/// the time of the chunk that completed them, and appends them to the instance's file.
///
/// Everything given to one call is stored when it returns, but for a line that has not ended yet, of which at most
/// `CRIFormat.maxTextByteCount` bytes wait. It never throws and never waits: what the file system refuses is counted,
/// tried again with the next chunk, and told by the returned `Change` and, once there is room, by a line in the log.
/// A struct, so that the checks of exclusive access cost once a chunk and not once a line.
package struct LogCapture: ~Copyable {
  /// What the caller should tell the user.
  package enum Change: Equatable {
    /// Storing began to fail.
    case failing(LogFailure)
    /// Storing goes on; this much is missing.
    case recovered(LogFailure)
    /// Nothing more will come, and this much was never stored, nor told of in the log.
    case lost(LogFailure)
  }

  enum State {
    case storing
    /// Nothing can be stored before all that is owed.
    case failing(LogFailure, owed: Owed)
  }

  /// What the file has to say before it goes on.
  struct Owed {
    /// The rest of the line that the file ends within.
    var unwritten: [UInt8] = []
    /// Lines, and bytes of their text, that are missing and that the file does not tell of.
    var lostLineCount = 0
    var lostByteCount = 0
  }

  /// Output is written when it is about this much, so that a chunk of short lines needs bounded memory.
  private static let maxOutputByteCount = 256 << 10

  private let maxFileByteCount: Int
  private let stdout = LineAssembler(maxByteCount: CRIFormat.maxTextByteCount)
  private let stderr = LineAssembler(maxByteCount: CRIFormat.maxTextByteCount)
  private var stamp = TimestampWriter()
  private var lastTimeNanoseconds = Int64.min
  /// The headers of the chunk at hand: of a line's end, then of a fragment.
  private let headers = UnsafeMutableRawPointer.allocate(byteCount: 2 * CRIFormat.headerByteCount, alignment: 16)
  var output = ByteBuffer(capacity: LogCapture.maxOutputByteCount + CRIFormat.maxLineByteCount)
  var file: RotatingFile
  var state = State.storing
  var change: Change?
  /// The streams whose last line in the file is a fragment.
  var fragmentsStored = OpenFragments()
  /// As `fragmentsStored`, with the lines in `output`; none where a loss cut them off from what they go on with.
  var fragmentsGiven = OpenFragments()

  /// What is missing since storing began to fail; `nil` while it works.
  package var failure: LogFailure? {
    guard case .failing(let failure, _) = state else { return nil }
    return failure
  }

  /// Appends to `path`, or creates it. If that fails it is tried again with the first chunk.
  ///
  /// A file never exceeds `maxFileByteCount`, unless a single line does; `maxFileCount` counts all files.
  /// `write` is how bytes reach a descriptor.
  package init(
    path: FilePath, maxFileByteCount: Int, maxFileCount: Int,
    write: @escaping LogWrite = { descriptor, bytes in try descriptor.write(bytes) }
  ) {
    self.maxFileByteCount = maxFileByteCount
    file = RotatingFile(path: path, maxFileCount: maxFileCount, write: write)
    try? file.open()
    continueEarlierFile()
  }

  deinit { headers.deallocate() }

  /// Stores the lines that `chunk` completes.
  @discardableResult
  package mutating func append(_ chunk: UnsafeRawBufferPointer, stream: LogStream, timeNanoseconds: Int64) -> Change? {
    writeHeaders(stream: stream, timeNanoseconds: timeNanoseconds)
    assembler(of: stream).feed(chunk) { text, end in add(text, end: end, stream: stream) }
    return flushAndTell()
  }

  /// The stream has ended: stores its unterminated last line.
  @discardableResult
  package mutating func finish(_ stream: LogStream, timeNanoseconds: Int64) -> Change? {
    writeHeaders(stream: stream, timeNanoseconds: timeNanoseconds)
    assembler(of: stream).finish { text, end in add(text, end: end, stream: stream) }
    return flushAndTell()
  }

  /// Tries to store again, for when nothing is printed any more; does nothing unless `failure` is set.
  @discardableResult
  package mutating func retry(timeNanoseconds: Int64) -> Change? {
    lastTimeNanoseconds = max(lastTimeNanoseconds, timeNanoseconds)
    _ = resume()
    return change.take()
  }

  /// Nothing more will be printed: tries once more to store what is owed.
  package mutating func conclude(timeNanoseconds: Int64) -> Change? {
    let change = retry(timeNanoseconds: timeNanoseconds)
    dropTornLine()
    guard let failure, failure.lostLineCount > 0 || failure.lostByteCount > 0 else { return change }
    return .lost(failure)
  }

  private mutating func flushAndTell() -> Change? {
    flush()
    return change.take()
  }

  private func assembler(of stream: LogStream) -> LineAssembler { stream == .stdout ? stdout : stderr }

  /// Time never goes back within a file, whatever the wall clock does: the merge relies on it.
  private mutating func writeHeaders(stream: LogStream, timeNanoseconds: Int64) {
    lastTimeNanoseconds = max(lastTimeNanoseconds, timeNanoseconds)
    writeHeader(stream: stream, end: .newline, to: headers)
    writeHeader(stream: stream, end: .fragment, to: headers + CRIFormat.headerByteCount)
  }

  mutating func writeHeader(stream: LogStream, end: LineEnd, to target: UnsafeMutableRawPointer) {
    CRIFormat.writeHeader(
      timeNanoseconds: lastTimeNanoseconds, stream: stream, end: end, stamp: &stamp, to: target)
  }

  @inline(__always)
  private mutating func add(_ text: UnsafeRawBufferPointer, end: LineEnd, stream: LogStream) {
    let byteCount = CRIFormat.headerByteCount + text.count + 1
    makeRoom(for: byteCount)
    let line = output.extend(by: byteCount)
    let header = end == .newline ? headers : headers + CRIFormat.headerByteCount
    line.copyMemory(from: header, byteCount: CRIFormat.headerByteCount)
    if let source = text.baseAddress {
      (line + CRIFormat.headerByteCount).copyMemory(from: source, byteCount: text.count)
    }
    line.storeBytes(of: 0x0A, toByteOffset: byteCount - 1, as: UInt8.self)
    fragmentsGiven.note(stream, end)
  }

  @inline(__always)
  private mutating func makeRoom(for byteCount: Int) {
    if file.byteCount + output.count + byteCount > maxFileByteCount {
      flush()
      if file.byteCount > 0, file.byteCount + byteCount > maxFileByteCount { rotate() }
    } else if output.count + byteCount > Self.maxOutputByteCount {
      flush()
    }
  }

  private mutating func flush() {
    guard output.count > 0 else { return }
    if resume() {
      store(output.bytes)
    } else {
      lose(output.bytes)
    }
    if failure == nil { fragmentsStored = fragmentsGiven }
    output.removeAll()
  }

  private mutating func rotate() {
    dropTornLine()
    do {
      try file.rotate()
    } catch {
      fail(error as? Errno ?? .ioError)
    }
  }

  private mutating func continueEarlierFile() {
    guard file.byteCount > 0, let end = try? EarlierEnd(of: file.path) else { return }
    lastTimeNanoseconds = end.timeNanoseconds ?? lastTimeNanoseconds
    if end.isTorn { withUnsafeBytes(of: UInt8(ascii: "\n")) { store($0) } }
  }
}

/// The streams of which a line has begun and not ended.
struct OpenFragments {
  private(set) var stdout = false
  private(set) var stderr = false

  @inline(__always)
  mutating func note(_ stream: LogStream, _ end: LineEnd) {
    if stream == .stdout { stdout = end == .fragment } else { stderr = end == .fragment }
  }

  func contains(_ stream: LogStream) -> Bool { stream == .stdout ? stdout : stderr }
}

/// How a log ends that an earlier instance of the same name, or an earlier run, left.
struct EarlierEnd {
  /// Of its last line; `nil` if it has none.
  var timeNanoseconds: Int64?
  /// Whether it ends within a line.
  var isTorn: Bool

  init(of path: FilePath) throws {
    let file = try OpenLogFile(path, index: 0)
    let byteCount = try file.byteCount()
    var scanner = BackwardLineScanner(file, end: byteCount)
    var stamp = TimestampReader()
    isTorn = try scanner.lastLineEnd() != byteCount
    while timeNanoseconds == nil, let line = try scanner.previous() {
      timeNanoseconds = CRIFormat.parse(line.bytes, stamp: &stamp)?.timeNanoseconds
    }
  }
}
