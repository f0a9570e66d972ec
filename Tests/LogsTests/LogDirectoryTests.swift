import Glibc
import SystemPackage
import Testing

@testable import Logs

struct LogDirectoryTests {
  private let folder: LogFolder

  init() throws { folder = try LogFolder() }

  /// Seen to fail: parents that others read.
  @Test func makesItselfAndItsParentsForTheUserOnly() throws {
    let outer = folder.directory.path.appending("outer")
    let inner = LogDirectory(outer.appending("inner"))
    defer {
      _ = inner.path.withPlatformString { rmdir($0) }
      _ = outer.withPlatformString { rmdir($0) }
    }
    try inner.create()
    try inner.create()
    for path in [outer, inner.path] {
      var status = stat()
      #expect(path.withPlatformString { stat($0, &status) } == 0)
      #expect(status.st_mode & 0o777 == 0o700)
    }
  }

  /// Seen to fail: instances in the order of their bytes; an index with a zero before it taken.
  @Test func knowsItsFilesByTheirNames() throws {
    let logs = ["count-10.log", "count-2.log", "count-2.log.1", "count-2.log.12", "mporch.log", "a-1.log.3"]
    let others = ["count-2.txt", "count-2.log.x", "count-2.log.0", "count-2.log.01", ".log", "log", "a.b.log"]
    for name in logs + others { try folder.write("", to: name) }
    #expect(try folder.directory.instances() == ["a-1", "count-2", "count-10", "mporch"])
    try folder.directory.clear()
    #expect(try folder.directory.instances() == [])
    for name in others {
      #expect(folder.directory.path.appending(name).withPlatformString { unlink($0) } == 0)
    }
  }

  /// Seen to fail: told by the step after it.
  @Test func saysWhyItCannotBeMade() throws {
    try folder.write("", to: "a-1.log")
    let inFile = folder.directory.file(of: "a-1").appending("logs")
    let error = #expect(throws: LogError.self) { try LogDirectory(inFile).create() }
    #expect(error?.description == "can't create the log folder '\(inFile)': Not a directory")
  }

  /// Seen to fail: what can't be made was tried again and again.
  @Test func aFolderBehindALinkToNowhereCannotBeMade() throws {
    let link = folder.directory.path.appending("link")
    #expect(link.withPlatformString { symlink("/nowhere/at/all", $0) } == 0)
    defer { _ = link.withPlatformString { unlink($0) } }
    let error = #expect(throws: LogError.self) { try LogDirectory(link.appending("a").appending("logs")).create() }
    #expect(error?.errno == .noSuchFileOrDirectory)
  }
}
