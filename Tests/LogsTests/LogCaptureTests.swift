import Glibc
import SystemPackage
import Testing

@testable import Logs

struct LogCaptureTests {
  private let folder: LogFolder

  init() throws { folder = try LogFolder() }

  private func mode(_ path: FilePath) -> mode_t {
    var status = stat()
    return path.withPlatformString { stat($0, &status) } == 0 ? status.st_mode & 0o777 : 0
  }

  /// Seen to fail: both streams told as stdout.
  @Test func writesTheCRIFormat() throws {
    let capture = folder.capture("a-1")
    capture.append("one\ntwo\n")
    capture.append("oops\n", .stderr)
    #expect(
      try folder.text(of: "a-1.log") == """
        1970-01-01T00:00:01.000000000Z stdout F one
        1970-01-01T00:00:01.000000000Z stdout F two
        1970-01-01T00:00:02.000000000Z stderr F oops

        """)
  }

  /// Seen to fail: files that the group reads.
  @Test func makesFilesForTheUserOnly() {
    _ = folder.capture("a-1")
    #expect(mode(folder.directory.file(of: "a-1")) == 0o600)
  }

  /// Seen to fail: a carriage return at the end left out.
  @Test func keepsEveryByteAsItIs() throws {
    let capture = folder.capture("a-1")
    let line = [UInt8](0...255).filter { $0 != 0x0A }
    capture.append(line + [0x0D, 0x0A])
    #expect(try folder.read().map(\.bytes) == [line + [0x0D]])
  }

  /// Seen to fail: one assembler for both streams.
  @Test func neverMixesStreamsWithinALine() throws {
    let capture = folder.capture("a-1")
    capture.append("out 1, ")
    capture.append("err 1, ", .stderr)
    capture.append("out 2\n")
    capture.append("err 2\n", .stderr)
    #expect(try folder.read().map(\.text) == ["out 1, out 2", "err 1, err 2"])
  }

  /// Seen to fail: nothing at the end.
  @Test func storesALastLineWithoutANewline() throws {
    let capture = folder.capture("a-1")
    capture.append("last words")
    #expect(try folder.read().isEmpty)
    capture.finish()
    capture.finish(.stderr)
    #expect(try folder.read().map(\.text) == ["last words"])
  }

  /// Seen to fail: fragments marked as whole lines.
  @Test func writesALongLineAsFragments() throws {
    let capture = folder.capture("a-1")
    capture.append(String(repeating: "x", count: CRIFormat.maxTextByteCount) + "rest\n")
    let lines = try folder.text(of: "a-1.log").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].dropFirst(31).hasPrefix("stdout P xxx"))
    #expect(lines[1].dropFirst(31) == "stdout F rest")
  }

  /// Seen to fail: the clock's time as it is.
  @Test func neverGoesBackInTime() throws {
    let capture = folder.capture("a-1")
    capture.second = 99
    capture.append("a\n")
    capture.second = 9
    capture.append("b\n")
    capture.second = 199
    capture.append("c\n")
    #expect(try folder.read().map { $0.time / 1_000_000_000 } == [100, 100, 200])
  }

  /// Seen to fail: the line at hand not counted.
  @Test func rotatesBeforeAFileExceedsItsSize() throws {
    let capture = folder.capture("a-1", maxFileByteCount: 100, maxFileCount: 3)
    // 45 bytes each with their header: two fit.
    for index in 0..<10 { capture.append("n\(index)xx\n") }
    #expect(try folder.directory.entries().map(\.index).sorted() == [0, 1, 2])
    #expect(try folder.read().map(\.text) == ["n4xx", "n5xx", "n6xx", "n7xx", "n8xx", "n9xx"])
    #expect(try folder.bytes(of: "a-1.log.2").count == 90)
    #expect(mode(folder.directory.file(of: "a-1")) == 0o600)
  }

  /// Seen to fail: the same.
  @Test func rotatesWithinOneChunkAtALineEnd() throws {
    let capture = folder.capture("a-1", maxFileByteCount: 4096, maxFileCount: 100)
    let lines = (0..<2000).map { "line \($0)" }
    capture.append(lines.joined(separator: "\n") + "\n")
    #expect(try folder.read().map(\.text) == lines)
    for entry in try folder.directory.entries() {
      let bytes = try folder.bytes(of: folder.directory.file(of: "a-1", index: entry.index).lastComponent!.string)
      #expect(bytes.count <= 4096)
      #expect(bytes.last == 0x0A)
    }
  }

  /// Seen to fail: left out.
  @Test func aLineLargerThanAFileGetsAFileOfItsOwn() throws {
    let capture = folder.capture("a-1", maxFileByteCount: 60, maxFileCount: 5)
    let long = String(repeating: "y", count: 500)
    capture.append("a\n\(long)\nb\n")
    #expect(try folder.read().map(\.text) == ["a", long, "b"])
    #expect(try folder.bytes(of: "a-1.log.1").count == 541)
  }

  /// Seen to fail: the file behind the last removed.
  @Test func keepsOneFileWhereOneIsAllowed() throws {
    let capture = folder.capture("a-1", maxFileByteCount: 100, maxFileCount: 1)
    for index in 0..<5 { capture.append("n\(index)xx\n") }
    #expect(try folder.directory.entries().map(\.index) == [0])
    #expect(try folder.read().map(\.text) == ["n4xx"])
  }

  /// Seen to fail: the torn line not ended.
  @Test func goesOnAfterAnEarlierFileThatEndsWithinALine() throws {
    try folder.write(
      "2026-11-23T09:36:34.000000000Z stdout F whole\n2026-11-23T09:36:35.000000000Z stdo", to: "a-1.log")
    folder.capture("a-1").append("new\n")
    let records = try folder.read()
    #expect(records.map(\.text) == ["whole", "new"])
    #expect(records.map(\.time) == [1_795_426_594_000_000_000, 1_795_426_594_000_000_000])
  }
}
