import Glibc
import SystemPackage

/// What happens when the disk is full: the lines that don't fit are counted and gone, the worker goes on, and the log
/// itself says what is missing as soon as it can.
extension LogCapture {
  /// Writes whole lines. A line of which a part was written stays in memory until its rest can be written.
  func store(_ bytes: UnsafeRawBufferPointer) {
    let (written, errno) = file.append(bytes)
    guard let errno else { return }
    let stored = Self.lineEnd(in: bytes, atOrAfter: written)
    eachLine(in: bytes[..<stored]) { fragmentsStored.note($0.stream, $0.end) }
    fail(errno, unwritten: [UInt8](bytes[written..<stored]))
    lose(UnsafeRawBufferPointer(rebasing: bytes[stored...]))
  }

  /// Whether all is well, or is again: writes what is owed, and what is missing.
  func resume() -> Bool {
    guard case .failing(let failure, let unwritten) = state else { return true }
    guard write(unwritten, of: failure) else { return false }
    // What is owed is written; the notice now counts as owed, so that it can be torn too.
    let notice = notice(of: failure)
    let (written, errno) = notice.withUnsafeBytes { file.append($0) }
    if let errno {
      var rest = failure
      rest.errno = errno
      if written > 0 { (rest.lostLineCount, rest.lostByteCount) = (0, 0) }
      state = .failing(rest, unwritten: written > 0 ? Array(notice[written...]) : [])
      return false
    }
    if !notice.isEmpty { fragmentsStored = OpenFragments() }
    state = .storing
    tellRecovery(of: failure)
    return true
  }

  func fail(_ errno: Errno, unwritten: [UInt8] = []) {
    if case .failing(var failure, let owed) = state {
      failure.errno = errno
      state = .failing(failure, unwritten: owed + unwritten)
      return
    }
    let failure = LogFailure(path: file.path, errno: errno)
    state = .failing(failure, unwritten: unwritten)
    change = .failing(failure)
  }

  /// Counts lines that will not be stored.
  func lose(_ bytes: UnsafeRawBufferPointer) {
    guard case .failing(var failure, let unwritten) = state, !bytes.isEmpty else { return }
    fragmentsGiven = OpenFragments()
    eachLine(in: bytes[...]) { line in
      failure.lostByteCount += line.text.count
      if line.end == .newline { failure.lostLineCount += 1 }
    }
    state = .failing(failure, unwritten: unwritten)
    if case .failing = change { change = .failing(failure) }
  }

  /// Before a rotation: what the old file ends within can't be completed in a new one.
  func dropTornLine() {
    guard case .failing(var failure, let unwritten) = state, !unwritten.isEmpty else { return }
    failure.lostLineCount += 1
    failure.lostByteCount += unwritten.count - 1
    state = .failing(failure, unwritten: [])
  }

  /// A failure that was over within one call, and by which nothing was lost, is none.
  private func tellRecovery(of failure: LogFailure) {
    if case .failing = change, failure.lostByteCount == 0, failure.lostLineCount == 0 {
      change = nil
    } else {
      change = .recovered(failure)
    }
  }

  private func write(_ unwritten: [UInt8], of failure: LogFailure) -> Bool {
    let (written, errno) = unwritten.withUnsafeBytes { file.append($0) }
    guard let errno else { return true }
    var failure = failure
    failure.errno = errno
    state = .failing(failure, unwritten: Array(unwritten[written...]))
    return false
  }

  /// Lines that end what fragments began, whose rest is lost, and one that says what is missing, if anything is.
  private func notice(of failure: LogFailure) -> [UInt8] {
    guard failure.lostByteCount > 0 || failure.lostLineCount > 0 else { return [] }
    var lines: [UInt8] = []
    for stream in LogStream.allCases where fragmentsStored.contains(stream) {
      lines += header(of: stream) + [0x0A]
    }
    return lines + header(of: .stderr) + Array("mporch: \(failure.summary)\n".utf8)
  }

  private func header(of stream: LogStream) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: CRIFormat.headerByteCount) { bytes, count in
      writeHeader(stream: stream, end: .newline, to: UnsafeMutableRawPointer(bytes.baseAddress!))
      count = CRIFormat.headerByteCount
    }
  }

  private func eachLine(in bytes: Slice<UnsafeRawBufferPointer>, _ body: (CRILine) -> Void) {
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
