import Glibc
import SystemPackage
import Testing

@testable import Logs

struct LogFollowerTests {
  private let folder: LogFolder

  init() throws { folder = try LogFolder() }

  private func follow(_ query: LogQuery = LogQuery()) throws -> LogFollower {
    try LogFollower(directory: folder.directory, query: query)
  }

  private func texts(_ follower: LogFollower) throws -> [String] {
    var texts: [String] = []
    while let record = try follower.next() { texts.append(ReadRecord(record).text) }
    return texts
  }

  private func isReadable(_ descriptor: FileDescriptor, milliseconds: CInt) -> Bool {
    var poll = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&poll, 1, milliseconds) == 1
  }

  /// Seen to fail: a change of a known log not looked at.
  @Test func readsWhatIsThereAndThenWhatComes() throws {
    let capture = folder.capture("a-1")
    capture.append("old\n")
    let follower = try follow()
    #expect(try texts(follower) == ["old"])
    #expect(!isReadable(follower.descriptor, milliseconds: 0))
    capture.append("new\n")
    // A watchdog, not a limit: the event is there at once.
    #expect(isReadable(follower.descriptor, milliseconds: 60_000))
    try follower.update()
    #expect(try texts(follower) == ["new"])
  }

  /// Seen to fail: only the tail of what comes later.
  @Test func findsInstancesThatComeLater() throws {
    let follower = try follow(LogQuery(includes: { $0 != "c-1" }, tail: 1))
    folder.capture("b-1").append("b\nb2\n")
    folder.capture("c-1").append("c\n")
    try follower.update()
    #expect(try texts(follower) == ["b", "b2"])
  }

  /// Seen to fail: the tail not looked at.
  @Test func startsAtTheTail() throws {
    let capture = folder.capture("a-1", maxFileByteCount: 200, maxFileCount: 10)
    for index in 0..<20 { capture.append("\(index)\n") }
    let follower = try follow(LogQuery(tail: 2))
    #expect(try texts(follower) == ["18", "19"])
    let silent = try follow(LogQuery(tail: 0))
    capture.append("20\n")
    for each in [follower, silent] {
      try each.update()
      #expect(try texts(each) == ["20"])
    }
  }

  /// Seen to fail: the newest file taken for the next.
  @Test func losesNothingWhileFilesAreRotated() throws {
    var random = SeededGenerator(seed: 2)
    let capture = folder.capture("a-1", maxFileByteCount: 2000, maxFileCount: 40)
    let follower = try follow()
    var read: [String] = []
    var written = 0
    for _ in 0..<200 {
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        written += 1
        capture.append("line \(written)\n")
      }
      if Bool.random(using: &random) { try follower.update() }
      // Reads a part only, so that it is now and then many files behind.
      for _ in 0..<Int.random(in: 0...120, using: &random) {
        guard let record = try follower.next() else { break }
        read.append(ReadRecord(record).text)
      }
    }
    try follower.end()
    read += try texts(follower)
    #expect(follower.gapCounts.isEmpty)
    #expect(read == (1...written).map { "line \($0)" })
  }

  /// Seen to fail: gaps not counted.
  @Test func saysWhereLinesWereRotatedAwayBeforeTheyWereRead() throws {
    let capture = folder.capture("a-1", maxFileByteCount: 200, maxFileCount: 3)
    capture.append("first\n")
    let follower = try follow()
    for index in 0..<100 { capture.append("n\(index)\n") }
    try follower.update()
    let read = try texts(follower)
    #expect(read.first == "first")
    #expect(read.last == "n99")
    #expect(read.count < 101)
    #expect(follower.gapCounts == ["a-1": 1])
  }

  /// Seen to fail: given out at once.
  @Test func doesNotGiveOutALineBeforeItsEnd() throws {
    let capture = folder.capture("a-1")
    let start = String(repeating: "x", count: CRIFormat.maxTextByteCount)
    capture.append(start + "y")
    let follower = try follow()
    #expect(try texts(follower) == [])
    capture.append("z\n")
    try follower.update()
    #expect(try texts(follower) == [start + "yz"])
    capture.append(start + "y")
    try follower.update()
    #expect(try texts(follower) == [])
    try follower.end()
    #expect(try texts(follower) == [start])
  }

  /// Seen to fail: what was torn forgotten.
  @Test func takesATornLineOnceItIsWhole() throws {
    try folder.write("1970-01-01T00:00:01.000000000Z stdout F to", to: "a-1.log")
    let follower = try follow()
    #expect(try texts(follower) == [])
    try folder.write("rn\n", to: "a-1.log")
    try follower.update()
    #expect(try texts(follower) == ["torn"])
    #expect(follower.garbageLineCount == 0)
  }

  /// Seen to fail: a removed file taken for the last.
  @Test func goesOnWithTheNextRun() throws {
    folder.capture("a-1").append("old\n")
    let follower = try follow()
    #expect(try texts(follower) == ["old"])
    try folder.directory.clear()
    folder.capture("a-1").append("new\n")
    try follower.update()
    #expect(try texts(follower) == ["new"])
  }

  /// Seen to fail: another operation named.
  @Test func namesTheFolderThatIsMissing() {
    let missing = LogDirectory(folder.directory.path.appending("missing"))
    let error = #expect(throws: LogError.self) { try LogFollower(directory: missing, query: LogQuery()) }
    #expect(error?.description == "can't watch the log folder '\(missing.path)': No such file or directory")
  }
}
