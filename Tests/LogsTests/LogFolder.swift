import Glibc
import SystemPackage

@testable import Logs

/// A log folder of a test's own, removed with it.
final class LogFolder {
  let directory: LogDirectory

  init() throws {
    var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/mporch-logs-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    directory = LogDirectory(FilePath(template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }))
  }

  deinit {
    try? directory.clear()
    _ = directory.path.withPlatformString { rmdir($0) }
  }

  func capture(
    _ instance: String, maxFileByteCount: Int = 1 << 30, maxFileCount: Int = 10
  ) -> TestCapture {
    TestCapture(
      LogCapture(
        path: directory.file(of: instance), maxFileByteCount: maxFileByteCount, maxFileCount: maxFileCount))
  }

  /// Puts text into a file of the folder as it is.
  func write(_ bytes: some Sequence<UInt8>, to fileName: String) throws {
    let file = try FileDescriptor.open(
      directory.path.appending(fileName), .writeOnly, options: [.create, .append, .closeOnExec],
      permissions: .ownerReadWrite)
    defer { try? file.close() }
    _ = try file.writeAll(bytes)
  }

  func write(_ text: String, to fileName: String) throws { try write(text.utf8, to: fileName) }

  func bytes(of fileName: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(directory.path.appending(fileName), .readOnly, options: [.closeOnExec])
    defer { try? file.close() }
    let byteCount = Int(try file.seek(offset: 0, from: .end))
    return try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      while count < byteCount {
        count += try file.read(
          fromAbsoluteOffset: Int64(count),
          into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
      }
    }
  }

  func text(of fileName: String) throws -> String { String(decoding: try bytes(of: fileName), as: UTF8.self) }

  func read(_ query: LogQuery = LogQuery()) throws -> [ReadRecord] {
    let merge = try LogMerge(directory: directory, query: query)
    var records: [ReadRecord] = []
    while let record = try merge.next() { records.append(ReadRecord(record)) }
    return records
  }
}

/// A record that keeps its text.
struct ReadRecord: Equatable {
  var time: Int64
  var instance: String
  var stream: LogStream
  var bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }

  init(_ record: LogRecord) {
    time = record.timeNanoseconds
    instance = record.instance
    stream = record.stream
    bytes = Array(record.text)
  }
}

/// A capture that takes text, and tells the time of each call by a counter: 1 s, 2 s, … since 1970.
final class TestCapture {
  private(set) var capture: LogCapture
  var second: Int64 = 0

  init(_ capture: consuming LogCapture) { self.capture = capture }

  private var now: Int64 {
    second += 1
    return second * 1_000_000_000
  }

  @discardableResult
  func append(_ text: String, _ stream: LogStream = .stdout) -> LogCapture.Change? {
    append(Array(text.utf8), stream)
  }

  @discardableResult
  func append(_ bytes: [UInt8], _ stream: LogStream = .stdout) -> LogCapture.Change? {
    let now = now
    return bytes.withUnsafeBytes { capture.append($0, stream: stream, timeNanoseconds: now) }
  }

  @discardableResult
  func finish(_ stream: LogStream = .stdout) -> LogCapture.Change? {
    capture.finish(stream, timeNanoseconds: now)
  }

  func conclude() -> LogCapture.Change? { capture.conclude(timeNanoseconds: now) }

  func retry() -> LogCapture.Change? { capture.retry(timeNanoseconds: now) }
}

/// Numbers that are the same in each run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// `bytes` in pieces of up to `maxByteCount`.
  mutating func chunks(of bytes: [UInt8], maxByteCount: Int) -> [[UInt8]] {
    var chunks: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(Int.random(in: 1...maxByteCount, using: &self))
      chunks.append(Array(chunk))
      rest = rest.dropFirst(chunk.count)
    }
    return chunks
  }
}
