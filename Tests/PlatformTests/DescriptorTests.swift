import Glibc
import Testing

@testable import Platform

struct DescriptorTests {
  /// Seen to fail: the end taken for nothing yet.
  @Test func aClosedPipeEndsAfterWhatWasWritten() throws {
    let pipe = try Pipe()
    let text = Array("abc".utf8)
    let written = try text.withUnsafeBytes { try pipe.writing.write($0) }
    #expect(written == .count(3))
    let reading = pipe.takeReading()
    var bytes = [UInt8](repeating: 0, count: 8)
    let taken = try (0..<2).map { _ in try bytes.withUnsafeMutableBytes { try reading.read(into: $0) } }
    #expect(taken == [.count(3), .count(0)])
  }

  /// Seen to fail: nothing yet taken for the end.
  @Test func nothingToReadIsNoEnd() throws {
    let pipe = try Pipe()
    try pipe.reading.setNonBlocking()
    var bytes = [UInt8](repeating: 0, count: 8)
    let taken = try bytes.withUnsafeMutableBytes { try pipe.reading.read(into: $0) }
    #expect(taken == .wouldBlock)
  }

  /// Seen to fail: nothing removed.
  @Test func epollTellsWhatIsReadyAndWhatHasEnded() throws {
    let epoll = try Epoll()
    let pipe = try Pipe()
    try epoll.add(pipe.reading.number, .read, token: 7)
    #expect(try epoll.wait(milliseconds: 0).isEmpty)
    let text = Array("abc".utf8)
    _ = try text.withUnsafeBytes { try pipe.writing.write($0) }
    let expected = Epoll.Readiness(token: 7, canRead: true, canWrite: false, isHungUp: false)
    #expect(try epoll.wait(milliseconds: 1000) == [expected])
    epoll.remove(pipe.reading.number)
    #expect(try epoll.wait(milliseconds: 0).isEmpty)
  }
}

/// In a folder of its own, which is removed.
private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  var template = Array("/tmp/mporch-test-XXXXXX".utf8CString)
  let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
  try #require(made)
  let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  defer { rmdir(path) }
  try body(path)
}

struct PrivateFolderTests {
  /// Seen to fail: the new file not given its name.
  @Test func writesWholeFilesAndRemovesThem() throws {
    try withTemporaryFolder { path in
      let folder = try PrivateFolder(path, create: false)
      try folder.write(Array("abc".utf8), to: "file")
      #expect(ProcFile.read("\(path)/file") == "abc")
      let names = try folder.names()
      #expect(names == ["file"])
      folder.remove("file")
      folder.remove("file")
      let left = try folder.names()
      #expect(left.isEmpty)
    }
  }

  /// Seen to fail: links followed.
  @Test func aLinkInItsPlaceIsRefused() throws {
    try withTemporaryFolder { path in
      let link = path + "/link"
      symlink(path, link)
      defer { unlink(link) }
      #expect(throws: PrivateFolder.Failure.notPrivate(path: link, .link)) { _ = try PrivateFolder(link, create: true) }
    }
  }

  /// Seen to fail: only those refused that others can write.
  @Test func oneThatOthersCanReadIsRefused() throws {
    try withTemporaryFolder { path in
      chmod(path, 0o755)
      #expect(throws: PrivateFolder.Failure.notPrivate(path: path, .mode(0o755))) {
        _ = try PrivateFolder(path, create: true)
      }
    }
  }

  /// Seen to fail: an open that waited; what others may write to, and what a link leads to, taken for its own.
  @Test func whatIsNoFileOfThisUserIsNotOpened() throws {
    try withTemporaryFolder { path in
      let folder = try PrivateFolder(path, create: false)
      let names = ["fifo", "link", "open", "folder"]
      defer { for name in names { _ = remove("\(path)/\(name)") } }
      mkfifo("\(path)/fifo", 0o600)
      symlink("/etc/passwd", "\(path)/link")
      mkdir("\(path)/folder", 0o700)
      try folder.write([1], to: "open")
      chmod("\(path)/open", 0o620)
      let expected: [PrivateFolder.Failure] = [
        .noFile(path: "\(path)/fifo"), .notPrivate(path: "\(path)/link", .link),
        .notPrivate(path: "\(path)/open", .mode(0o620)), .noFile(path: "\(path)/folder"),
      ]
      for (name, failure) in zip(names, expected) {
        for flags in [O_RDONLY, O_WRONLY | O_CREAT, O_RDWR] {
          #expect(throws: failure) { _ = try folder.open(name, flags) }
        }
        #expect(throws: failure) { _ = try folder.read(name) }
      }
      let missing = try folder.read("missing")
      #expect(missing == nil)
    }
  }

  /// Seen to fail: taken whoever holds it; always told as taken.
  @Test func aLockIsHeldByOneOpenFile() throws {
    try withTemporaryFolder { path in
      let folder = try PrivateFolder(path, create: false)
      let look = try folder.open("lock", O_RDWR | O_CREAT)
      defer { folder.remove("lock") }
      do {
        let held = try folder.open("lock", O_RDWR)
        let answers = [
          FileLock.take(held), FileLock.isTaken(look), FileLock.take(look), folder.holds(held, as: "lock"),
        ]
        #expect(answers == [true, true, false, true])
      }
      let isTaken = FileLock.isTaken(look)
      #expect(!isTaken)
    }
  }

  /// Seen to fail: the path itself in the address.
  @Test func aSocketListensHoweverLongThePathIs() throws {
    try withTemporaryFolder { path in
      let long = path + "/" + String(repeating: "x", count: 200)
      let folder = try PrivateFolder(long, create: true)
      defer { rmdir(long) }
      let listener = try UnixSocket.listen(as: "s", inFolder: folder.descriptor)
      defer { folder.remove("s") }
      let client = try UnixSocket.connect(to: "s", inFolder: folder.descriptor)
      let accepted = try UnixSocket.accept(on: listener)
      let isThere = accepted != nil
      #expect(isThere)
      let peer = try UnixSocket.peerUser(of: client)
      #expect(peer == geteuid())
      let second = try UnixSocket.accept(on: listener)
      let isAlone = second == nil
      #expect(isAlone)
    }
  }
}
