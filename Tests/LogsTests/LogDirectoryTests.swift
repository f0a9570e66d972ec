import Glibc
import Platform
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

  /// Where others may write above it: each of those that are mporch's own is looked at. Seen to fail: the last one made
  /// private, whosever it was, behind any link.
  @Test(arguments: ["link", "open", "file"]) func aFolderThatOthersHaveAHandInIsNotUsed(how: String) throws {
    let top = folder.directory.path.appending("top")
    let logs = LogDirectory(top.appending("project").appending("logs"), ownFolderCount: 3)
    try logs.create()
    defer {
      for path in [logs.path, top.appending("project"), top, folder.directory.path.appending("else")] {
        _ = path.withPlatformString { rmdir($0) == 0 ? 0 : unlink($0) }
      }
    }
    let project = top.appending("project").string
    let elsewhere = folder.directory.path.appending("else").string
    switch how {
    case "link":
      #expect(rename(project, elsewhere) == 0 && symlink(elsewhere, project) == 0)
    case "open": #expect(chmod(project, 0o770) == 0)
    default: #expect(rmdir(logs.path.string) == 0 && rmdir(project) == 0 && symlink("/dev/null", project) == 0)
    }
    let reason: PrivateFolder.Reason = how == "open" ? .mode(0o770) : .link
    #expect(throws: PrivateFolder.Failure.notPrivate(path: project, reason)) { try logs.create() }
    #expect(throws: PrivateFolder.Failure.notPrivate(path: project, reason)) { try logs.clear() }
    _ = unlink(project)
    if how == "link" { _ = rmdir(elsewhere + "/logs") }
    chmod(project, 0o700)
  }

  /// Seen to fail: the capture waited for somebody to read its FIFO.
  @Test func aFIFOInTheFolderHoldsUpNobody() throws {
    #expect(mkfifo(folder.directory.file(of: "a-1").string, 0o600) == 0)
    let capture = folder.capture("a-1")
    guard case .failing(let failure)? = capture.append("lost\n") else {
      Issue.record("a line was stored in a FIFO")
      return
    }
    #expect(failure.summary.hasSuffix("could not be stored: is no file, but a FIFO, a socket, a device or a folder"))
    let error = #expect(throws: LogError.self) { try folder.read() }
    #expect(error?.cause == .system(.noSuchAddressOrDevice))
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
    #expect(throws: PrivateFolder.Failure.system(path: inFile.string, .notDirectory)) {
      try LogDirectory(inFile).create()
    }
  }

  /// Seen to fail: what can't be made was tried again and again.
  @Test func aFolderBehindALinkToNowhereCannotBeMade() throws {
    let link = folder.directory.path.appending("link")
    #expect(link.withPlatformString { symlink("/nowhere/at/all", $0) } == 0)
    defer { _ = link.withPlatformString { unlink($0) } }
    #expect(throws: PrivateFolder.Failure.system(path: link.appending("a").string, .noSuchFileOrDirectory)) {
      try LogDirectory(link.appending("a").appending("logs")).create()
    }
  }
}
