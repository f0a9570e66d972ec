import SystemPackage
import Testing

@testable import Logs

/// A disk of a given size, in front of a real file.
private final class Disk {
  var freeByteCount: Int

  init(freeByteCount: Int) { self.freeByteCount = freeByteCount }

  func write(_ descriptor: FileDescriptor, _ bytes: UnsafeRawBufferPointer) throws -> Int {
    guard freeByteCount > 0 || bytes.isEmpty else { throw Errno.noSpace }
    let written = try descriptor.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(freeByteCount)))
    freeByteCount -= written
    return written
  }
}

struct LogCaptureFailureTests {
  private let folder: LogFolder
  private let disk = Disk(freeByteCount: 0)

  init() throws { folder = try LogFolder() }

  private func capture(maxFileByteCount: Int = 1 << 20) -> TestCapture {
    let disk = disk
    return TestCapture(
      LogCapture(path: folder.directory.file(of: "a-1"), maxFileByteCount: maxFileByteCount, maxFileCount: 5) {
        try disk.write($0, $1)
      })
  }

  private func failure(_ lines: Int, _ bytes: Int) -> LogFailure {
    LogFailure(
      path: folder.directory.file(of: "a-1"), errno: .noSpace, lostLineCount: lines, lostByteCount: bytes)
  }

  /// Seen to fail: told with each chunk.
  @Test func saysOnceThatStoringFailsAndOnceWhatIsMissing() throws {
    let capture = capture()
    #expect(capture.append("one\ntwo\n") == .failing(failure(2, 6)))
    #expect(capture.append("three\n") == nil)
    #expect(capture.capture.failure == failure(3, 11))
    disk.freeByteCount = 1 << 20
    #expect(capture.append("four\n") == .recovered(failure(3, 11)))
    #expect(capture.capture.failure == nil)
    #expect(
      try folder.read().map(\.text) == [
        "mporch: 3 lines (11 bytes) could not be stored: No space left on device", "four",
      ])
  }

  /// Seen to fail: the rest of the torn line given up.
  @Test func completesALineOfWhichAPartWasStored() throws {
    disk.freeByteCount = 44 + 42
    let capture = capture()
    #expect(capture.append("one\ntwo\nthree\n") == .failing(failure(1, 5)))
    // A reader leaves out the torn line.
    #expect(try folder.read().map(\.text) == ["one"])
    disk.freeByteCount = 1 << 20
    #expect(capture.retry() == .recovered(failure(1, 5)))
    #expect(
      try folder.read().map(\.text) == [
        "one", "two", "mporch: 1 line (5 bytes) could not be stored: No space left on device",
      ])
  }

  /// Seen to fail: nothing told at the end.
  @Test func whatIsMissingInTheEndIsTold() {
    let capture = capture()
    #expect(capture.append("one\ntwo\n") == .failing(failure(2, 6)))
    #expect(capture.append("three\n") == nil)
    #expect(capture.conclude() == .lost(failure(3, 11)))
  }

  /// Seen to fail: no try at the end.
  @Test func anEndThatFindsRoomTellsInTheLog() throws {
    let capture = capture()
    capture.append("one\n")
    disk.freeByteCount = 1 << 20
    #expect(capture.conclude() == .recovered(failure(1, 3)))
    #expect(try folder.read().count == 1)
    #expect(capture.conclude() == nil)
  }

  /// Seen to fail: a recovery told of nothing.
  @Test func retryDoesNothingWhileAllIsWell() throws {
    disk.freeByteCount = 1 << 20
    let capture = capture()
    capture.append("one\n")
    #expect(capture.retry() == nil)
    #expect(try folder.read().map(\.text) == ["one"])
  }

  /// Seen to fail: a line whose rest is lost not ended.
  @Test func neverJoinsALineWhoseMiddleIsMissing() throws {
    let fragment = CRIFormat.maxTextByteCount
    disk.freeByteCount = CRIFormat.maxLineByteCount
    let capture = capture()
    capture.append([UInt8](repeating: 0x61, count: fragment) + [0x62])
    capture.append([UInt8](repeating: 0x62, count: fragment))
    #expect(capture.capture.failure == failure(0, fragment))
    disk.freeByteCount = 1 << 20
    capture.append("c\n")
    let texts = try folder.read().map(\.text)
    #expect(texts.count == 3)
    #expect(texts[0] == String(repeating: "a", count: fragment))
    #expect(texts[1].hasPrefix("mporch: 0 lines (16384 bytes) could not be stored"))
    #expect(texts[2] == "bc")
  }

  /// Seen to fail: a torn line given up and not counted.
  @Test func everyLineIsStoredOrCountedHoweverTheDiskFills() throws {
    var random = SeededGenerator(seed: 7)
    let capture = capture(maxFileByteCount: 4096)
    var given = 0
    var missing = 0
    func note(_ change: LogCapture.Change?) {
      if case .recovered(let failure) = change { missing += failure.lostLineCount }
    }
    for _ in 0..<150 {
      disk.freeByteCount = Bool.random(using: &random) ? 0 : Int.random(in: 0...300, using: &random)
      let lines = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        given += 1
        return "line \(given)\n"
      }
      note(capture.append(lines.joined()))
    }
    disk.freeByteCount = 1 << 20
    note(capture.retry())
    let reread = try folder.directory.entries().reduce(into: 0) { count, entry in
      let name = folder.directory.file(of: "a-1", index: entry.index).lastComponent!.string
      count += try folder.text(of: name).split(separator: "\n").filter { $0.dropFirst(40).hasPrefix("line ") }.count
    }
    #expect(capture.capture.failure == nil)
    // 5 files of 4096 bytes hold all that the disk took.
    #expect(reread + missing == given)
    #expect(missing > 0 && reread > 0)
  }

  /// Seen to fail: one line told as lines.
  @Test func startsWithoutItsFolderAndSaysSo() {
    let path = folder.directory.path.appending("missing").appending("a-1.log")
    let capture = TestCapture(LogCapture(path: path, maxFileByteCount: 1 << 20, maxFileCount: 2))
    let expected = LogFailure(path: path, errno: .noSuchFileOrDirectory, lostLineCount: 1, lostByteCount: 1)
    #expect(capture.append("a\n") == .failing(expected))
    #expect(expected.description == "log '\(path)': 1 line (1 byte) could not be stored: No such file or directory")
  }
}
