import Glibc
import Logs
import Supervisor
import SystemPackage
import Testing
import Topology

@testable import Commands

/// A pipe whose ends are closed at the end of a test.
private final class Pipe {
  let reader: FileDescriptor
  let writer: FileDescriptor

  init() throws { (reader, writer) = try FileDescriptor.pipe() }

  deinit {
    try? reader.close()
    try? writer.close()
  }

  func read(_ byteCount: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
      count = try reader.read(into: UnsafeMutableRawBufferPointer(bytes))
    }
  }
}

@Suite struct OutputStreamTests {
  @Test func writesNoMoreThanAPipeTakesWithoutWaiting() throws {
    let pipe = try Pipe()
    let stream = OutputStream(pipe.writer)
    let bytes = [UInt8](repeating: 7, count: 1 << 20)
    let written = bytes.withUnsafeBytes { stream.writeSome($0) }
    #expect(written > 0 && written < bytes.count)
    #expect(bytes.withUnsafeBytes { stream.writeSome($0) } == 0)
    #expect(fcntl(pipe.writer.rawValue, F_GETFL) & O_NONBLOCK == 0)
  }

  @Test func takesWhatNobodyReadsAsWritten() throws {
    signal(SIGPIPE, SIG_IGN)
    let (reader, writer) = try FileDescriptor.pipe()
    defer { try? writer.close() }
    try reader.close()
    let stream = OutputStream(writer)
    stream.write("nobody reads this")
    #expect(stream.isBroken)
    stream.write("nor this")
  }

  @Test func hearsThatItsReaderHasGone() throws {
    let (reader, writer) = try FileDescriptor.pipe()
    defer { try? writer.close() }
    let silent = try Pipe()
    try reader.close()
    #expect(OutputStream(writer).waitForInput(on: [silent.reader.rawValue]) == false)
  }
}

@Suite struct LogOutputTests {
  private func append(_ text: String, instance: Int, to output: LogOutput) {
    Array(text.utf8).withUnsafeBytes { output.append($0, instance: instance, stream: .stdout, time: 0) }
  }

  @Test func showsWholeLinesWithAlignedNames() throws {
    let pipe = try Pipe()
    let instances = ["count-1", "read-10"]
    let output = LogOutput(
      to: OutputStream(pipe.writer), style: LogStyle(), instances: instances, shown: instances)
    append("on", instance: 0, to: output)
    append("between\n", instance: 1, to: output)
    append("e\nlast", instance: 0, to: output)
    output.finish()
    output.writeSome()
    #expect(output.pendingByteCount == 0)
    let text = try String(decoding: pipe.read(1000), as: UTF8.self)
    #expect(text == "read-10  | between\ncount-1  | one\ncount-1  | last\n")
  }

  @Test func takesNoMoreWhileMuchWaitsToBeWritten() throws {
    let pipe = try Pipe()
    let output = LogOutput(to: OutputStream(pipe.writer), style: LogStyle(), instances: ["a-1"], shown: ["a-1"])
    let line = String(repeating: "x", count: 99) + "\n"
    while output.hasRoom(isStopping: false) {
      append(String(repeating: line, count: 500), instance: 0, to: output)
      output.writeSome()
    }
    #expect(output.pendingByteCount > 0)
    #expect(output.hasRoom(isStopping: true))
  }
}

@Suite struct FileAccessTests {
  @Test func readsUpToTheLimit() throws {
    let file = try TemporaryFile("queues: [a]\n")
    #expect(FileAccess.system(from: "/").read(file.path, 100) == .success(Array("queues: [a]\n".utf8)))
    #expect(FileAccess.system(from: "/").read(file.path, 5) == .failure(.tooLarge))
  }

  @Test func tellsAMissingFileFromAnUnreadableOne() {
    #expect(FileAccess.system(from: "/").read("/nonexistent/mporch.yaml", 100) == .failure(.notFound))
    guard case .failure(.unreadable) = FileAccess.system(from: "/").read("/", 100) else {
      Issue.record("a folder was read")
      return
    }
  }
}

/// Removed with its last reference.
private final class TemporaryFile {
  let path: String

  init(_ text: String) throws {
    var template = Array("/tmp/mporch-test-XXXXXX".utf8CString)
    let descriptor = FileDescriptor(rawValue: mkstemp(&template))
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    _ = try descriptor.closeAfter { try descriptor.writeAll(text.utf8) }
  }

  deinit { unlink(path) }
}
