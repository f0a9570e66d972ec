import Glibc
import Logs
import SystemPackage

/// Log files in the CRI format, whoever has written them: any tail of them is the end of what reading all gives.
enum LogTarget {
  private static let folder: String = {
    var template = Array("/dev/shm/fuzzed-logs-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("mkdtemp: \(errno)") }
    // Empty after each input.
    atexit { rmdir(LogTarget.folder) }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()

  /// A byte 0xFF begins another file, which is older.
  static func run(_ bytes: UnsafeRawBufferPointer) {
    let logs = LogDirectory(FilePath(folder))
    for (index, file) in bytes.split(separator: 0xFF, maxSplits: 3).enumerated() {
      write(UnsafeRawBufferPointer(rebasing: file), to: index == 0 ? "a-1.log" : "a-1.log.\(index)")
    }
    defer { try? logs.clear() }
    let all = read(logs, LogQuery())
    // Where nothing is without an end, which stands elsewhere under a tail.
    for count in [0, 1, 3] {
      expect(read(logs, LogQuery(tail: count)).count == min(count, all.count), "a tail of \(count)")
    }
    guard let time = all.last?.time else { return }
    _ = read(logs, LogQuery(tail: 2, since: time))
    _ = read(logs, LogQuery(tail: 2, until: time))
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to name: String) {
    let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    _ = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    close(descriptor)
  }

  private static func read(_ logs: LogDirectory, _ query: LogQuery) -> [(time: Int64, byteCount: Int)] {
    do {
      let merge = try LogMerge(directory: logs, query: query)
      var records: [(time: Int64, byteCount: Int)] = []
      while let record = try merge.next() { records.append((record.timeNanoseconds, record.text.count)) }
      return records
    } catch {
      fatalError("\(error)")
    }
  }
}
