import Platform
import SystemPackage

/// What of one log could not be stored, and why.
package struct LogFailure: Error, Equatable, CustomStringConvertible {
  package var path: FilePath
  package var errno: Errno
  package var lostLineCount = 0
  /// Of the lines' text.
  package var lostByteCount = 0

  package var description: String { "log '\(path)': \(summary)" }

  /// Without the place.
  var summary: String {
    let lines = Self.count(lostLineCount, "line")
    let bytes = Self.count(lostByteCount, "byte")
    return "\(lines) (\(bytes)) could not be stored: \(errno.words)"
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

/// What happens when the disk is full: the lines that don't fit are counted and gone, the worker goes on, and the log
/// itself says what is missing as soon as it can.
extension LogCapture {
  /// Writes whole lines. A line of which a part was written stays in memory until its rest can be written.
  mutating func store(_ bytes: UnsafeRawBufferPointer) {
    let (written, errno) = file.append(bytes)
    guard let errno else { return }
    let stored = Self.lineEnd(in: bytes, atOrAfter: written)
    Self.eachLine(in: bytes[..<stored]) { fragmentsStored.note($0.stream, $0.end) }
    fail(errno, unwritten: [UInt8](bytes[written..<stored]))
    lose(UnsafeRawBufferPointer(rebasing: bytes[stored...]))
  }

  /// Whether all is well, or is again: writes what is owed.
  mutating func resume() -> Bool {
    guard case .failing = state else { return true }
    guard writeOwed(), tellLoss(), case .failing(let failure, _) = state else { return false }
    state = .storing
    tellRecovery(of: failure)
    return true
  }

  mutating func fail(_ errno: Errno, unwritten: [UInt8] = []) {
    switch state {
    case .failing(var failure, var owed):
      failure.errno = errno
      owed.unwritten += unwritten
      state = .failing(failure, owed: owed)
    case .storing:
      var failure = LogFailure(path: file.path, errno: errno)
      if case .recovered(let earlier) = change {
        // Over for a moment only: the same failure to the user.
        (failure.lostLineCount, failure.lostByteCount) = (earlier.lostLineCount, earlier.lostByteCount)
        change = nil
      } else {
        change = .failing(failure)
      }
      state = .failing(failure, owed: Owed(unwritten: unwritten))
    }
  }

  /// Counts lines that will not be stored.
  mutating func lose(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    fragmentsGiven = OpenFragments()
    var lineCount = 0
    var byteCount = 0
    Self.eachLine(in: bytes[...]) { line in
      byteCount += line.text.count
      if line.end == .newline { lineCount += 1 }
    }
    count(lostLineCount: lineCount, lostByteCount: byteCount)
  }

  /// What the file ends within can't be completed any more: before a rotation, and at the end.
  mutating func dropTornLine() {
    guard case .failing(let failure, var owed) = state, !owed.unwritten.isEmpty else { return }
    let byteCount = owed.unwritten.count - 1
    owed.unwritten = []
    state = .failing(failure, owed: owed)
    count(lostLineCount: 1, lostByteCount: byteCount)
  }

  private mutating func count(lostLineCount: Int, lostByteCount: Int) {
    guard case .failing(var failure, var owed) = state else { return }
    failure.lostLineCount += lostLineCount
    failure.lostByteCount += lostByteCount
    owed.lostLineCount += lostLineCount
    owed.lostByteCount += lostByteCount
    state = .failing(failure, owed: owed)
    if case .failing = change { change = .failing(failure) }
  }

  /// A failure that was over within one call, and by which nothing was lost, is none.
  private mutating func tellRecovery(of failure: LogFailure) {
    if case .failing = change, failure.lostByteCount == 0, failure.lostLineCount == 0 {
      change = nil
    } else {
      change = .recovered(failure)
    }
  }

  /// Writes the rest of the torn line, or as much of it as goes.
  private mutating func writeOwed() -> Bool {
    guard case .failing(var failure, var owed) = state else { return true }
    let (written, errno) = owed.unwritten.withUnsafeBytes { file.append($0) }
    failure.errno = errno ?? failure.errno
    owed.unwritten.removeFirst(written)
    state = .failing(failure, owed: owed)
    return errno == nil
  }

  /// Writes the notice, if one is due. Once a part of it is written it is a torn line, and what it tells of is told.
  private mutating func tellLoss() -> Bool {
    guard case .failing(let failure, let owed) = state else { return true }
    guard owed.lostByteCount > 0 || owed.lostLineCount > 0 else { return true }
    let notice = notice(of: owed, failure)
    state = .failing(failure, owed: Owed(unwritten: notice))
    let isWritten = writeOwed()
    if case .failing(let failure, let rest) = state, rest.unwritten.count == notice.count {
      state = .failing(failure, owed: owed)
    } else {
      fragmentsStored = OpenFragments()
    }
    return isWritten
  }

  /// Lines that end what fragments began, whose rest is lost, and one that says what is missing.
  private mutating func notice(of owed: Owed, _ failure: LogFailure) -> [UInt8] {
    var missing = failure
    (missing.lostLineCount, missing.lostByteCount) = (owed.lostLineCount, owed.lostByteCount)
    var lines: [UInt8] = []
    for stream in LogStream.allCases where fragmentsStored.contains(stream) {
      lines += header(of: stream) + [0x0A]
    }
    return lines + header(of: .stderr) + Array("mporch: \(missing.summary)\n".utf8)
  }

  private mutating func header(of stream: LogStream) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: CRIFormat.headerByteCount) { bytes, count in
      writeHeader(stream: stream, end: .newline, to: UnsafeMutableRawPointer(bytes.baseAddress!))
      count = CRIFormat.headerByteCount
    }
  }

  private static func eachLine(in bytes: Slice<UnsafeRawBufferPointer>, _ body: (CRILine) -> Void) {
    var stamp = TimestampReader()
    for line in bytes.split(separator: 0x0A) {
      if let line = CRIFormat.parse(UnsafeRawBufferPointer(rebasing: line), stamp: &stamp) { body(line) }
    }
  }

  /// Where the line ends within which `offset` lies; `offset` itself where it is between two lines.
  private static func lineEnd(in bytes: UnsafeRawBufferPointer, atOrAfter offset: Int) -> Int {
    if offset == 0 || bytes[offset - 1] == 0x0A { return offset }
    return bytes[offset...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
  }
}
