/// Which records to read.
package struct LogQuery {
  /// Whether to read the log of the instance of this name.
  package var includes: (String) -> Bool
  /// The last so many lines *of each instance*, as Docker Compose counts them, of those within the times.
  package var tail: Int?
  /// Nanoseconds since 1970; records at this time are included.
  package var since: Int64?
  /// Nanoseconds since 1970; records at this time are included.
  package var until: Int64?

  package init(
    includes: @escaping (String) -> Bool = { _ in true }, tail: Int? = nil, since: Int64? = nil, until: Int64? = nil
  ) {
    self.includes = includes
    self.tail = tail
    self.since = since
    self.until = until
  }
}

/// Reads one instance's records, oldest first, out of all its files, and goes on while they are written and rotated.
///
/// Memory is bounded: a line over `maxTextByteCount` comes in pieces of about that size, each a record.
package final class LogReader {
  package static let maxTextByteCount = 16 << 20

  package let instance: String
  /// Lines that were none of this format: torn by a crash, or written by someone else. They are left out.
  package private(set) var garbageLineCount = 0
  /// How often rotation removed the file being read before its successor was known: lines may be missing there.
  package private(set) var gapCount = 0

  private enum Position {
    /// No file is there yet.
    case nowhere
    case reading(OpenLogFile, LineScanner)
    /// The first file is followed by `next`; what was written to it before the rotation is still to be read.
    case draining(LineScanner, next: OpenLogFile)
  }

  private let files: LogFileSet
  private let query: LogQuery
  private var position = Position.nowhere
  private var skippedLineCount: Int
  /// Of these no line without an end is given out.
  private let skippedUnended: Set<LogStream>
  private var stamp = TimestampReader()
  private var stdout = FragmentJoiner()
  private var stderr = FragmentJoiner()
  /// Whether a line came that is later than the query wants.
  private var isPastUntil = false
  /// Whether nothing more will be written: then a line whose end is missing is given out as it is.
  private var isEnded: Bool

  /// `isEnded`: whether to read only what is there.
  init(directory: LogDirectory, instance: String, query: LogQuery, isEnded: Bool) throws {
    self.instance = instance
    self.query = query
    self.isEnded = isEnded
    files = LogFileSet(directory: directory, instance: instance)
    let start = try ReadingStart(of: files, for: query)
    skippedLineCount = start.skippedLineCount
    // To a line that is followed more may come.
    skippedUnended = isEnded ? start.skippedUnended : []
    if let file = start.file {
      position = .reading(file, LineScanner(file, offset: start.offset))
    }
  }

  /// The next record; `nil` if there is none for now. Its text is valid until the next call.
  func next() throws -> LogRecord? {
    releaseText()
    while !isPastUntil, let line = try nextLine() {
      if let record = record(from: line) { return record }
      releaseText()
    }
    return isEnded ? unendedRecord() : nil
  }

  /// From now on nothing more will be written.
  func end() { isEnded = true }

  @inline(__always)
  private func releaseText() {
    stdout.release()
    stderr.release()
  }

  @inline(__always)
  private func record(from line: UnsafeRawBufferPointer) -> LogRecord? {
    guard let line = CRIFormat.parse(line, stamp: &stamp) else {
      garbageLineCount += 1
      return nil
    }
    if let until = query.until, line.timeNanoseconds > until {
      isPastUntil = true
      return nil
    }
    if line.isNothing { return nil }
    let text = line.stream == .stdout ? stdout.join(line) : stderr.join(line)
    guard let text, line.timeNanoseconds >= query.since ?? .min else { return nil }
    if skippedLineCount > 0 {
      if line.end == .newline { skippedLineCount -= 1 }
      return nil
    }
    return LogRecord(timeNanoseconds: line.timeNanoseconds, instance: instance, stream: line.stream, text: text)
  }

  /// What is left of a line whose end was not written.
  private func unendedRecord() -> LogRecord? {
    guard !isPastUntil else { return nil }
    while let unended = stdout.takeUnended(.stdout) ?? stderr.takeUnended(.stderr) {
      if unended.timeNanoseconds >= query.since ?? .min, !skippedUnended.contains(unended.stream) {
        return LogRecord(
          timeNanoseconds: unended.timeNanoseconds, instance: instance, stream: unended.stream, text: unended.text)
      }
      releaseText()
    }
    return nil
  }

  @inline(__always)
  private func nextLine() throws -> UnsafeRawBufferPointer? {
    repeat {
      switch position {
      case .nowhere: break
      case .reading(_, let scanner), .draining(let scanner, _):
        if let line = try scanner.next() { return line }
      }
    } while try goOn()
    return nil
  }

  /// At the end of what is written: whether there is a file to go on in.
  private func goOn() throws -> Bool {
    switch position {
    case .nowhere:
      guard let file = try files.oldest() else { return false }
      start(file)
    case .reading(let file, let scanner):
      switch try files.newer(than: file) {
      case .none: return false
      case .next(let next): position = .draining(scanner, next: next)
      case .afterGap(let next):
        gapCount += 1
        position = .draining(scanner, next: next)
      }
    case .draining(let scanner, let next):
      if scanner.endsWithinLine { garbageLineCount += 1 }
      start(next)
    }
    return true
  }

  private func start(_ file: OpenLogFile) {
    position = .reading(file, LineScanner(file, offset: 0))
  }
}

/// Puts the fragments of one stream's long lines together again.
struct FragmentJoiner: ~Copyable {
  private var joined = ByteBuffer()
  /// Of the last fragment.
  private var timeNanoseconds: Int64 = 0
  private var isLent = false

  /// The text of the line, once it has ended or grown to the most that a record holds. Valid until `release`.
  @inline(__always)
  mutating func join(_ line: CRILine) -> UnsafeRawBufferPointer? {
    if line.end == .newline, joined.count == 0 { return line.text }
    return append(line)
  }

  /// A line of which no more will come.
  mutating func takeUnended(_ stream: LogStream) -> CRILine? {
    guard joined.count > 0 else { return nil }
    isLent = true
    return CRILine(timeNanoseconds: timeNanoseconds, stream: stream, end: .fragment, text: joined.bytes)
  }

  /// Nobody uses any more what was given out.
  @inline(__always)
  mutating func release() {
    guard isLent else { return }
    joined.removeAll()
    isLent = false
  }

  private mutating func append(_ line: CRILine) -> UnsafeRawBufferPointer? {
    joined.append(line.text)
    timeNanoseconds = line.timeNanoseconds
    guard line.end == .newline || joined.count >= LogReader.maxTextByteCount else { return nil }
    isLent = true
    return joined.bytes
  }
}
