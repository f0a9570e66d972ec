internal import Glibc
package import Logs
internal import Platform
internal import SystemPackage

/// What happened to a run, event by event, kept beside its logs until the next run of the project: one line of JSON each.
///
/// The log says the same to people; this is for what asks afterwards, by time or as JSON. When it is full it begins
/// anew, and the last full one is kept.
package final class EventJournal {
  private static let fileName = "events.jsonl"
  private static let earlierFileName = "events.1.jsonl"
  private static let maximumByteCount = 4 << 20

  private let directory: FilePath
  private var file: FileDescriptor?
  private var byteCount = 0

  init(in logs: LogDirectory) { directory = logs.path }

  deinit { try? file?.close() }

  /// A full disk costs events; the log, which says that it is full, says them too.
  func append(_ event: Event) {
    let line = WireCoding.encode(event) + [UInt8(ascii: "\n")]
    if byteCount + line.count > Self.maximumByteCount { beginAnew() }
    guard let file = file ?? open() else { return }
    byteCount += (try? file.writeAll(line)) ?? 0
  }

  private func open() -> FileDescriptor? {
    file = try? FileDescriptor.open(
      directory.appending(Self.fileName), .writeOnly, options: [.create, .append, .closeOnExec],
      permissions: [.ownerReadWrite])
    byteCount = (try? file?.seek(offset: 0, from: .end)).map { Int($0) } ?? 0
    return file
  }

  private func beginAnew() {
    try? file?.close()
    file = nil
    byteCount = 0
    rename(directory.appending(Self.fileName).string, directory.appending(Self.earlierFileName).string)
  }

  /// A new run of the project begins.
  static func forget(in logs: LogDirectory) {
    for name in [fileName, earlierFileName] { unlink(logs.path.appending(name).string) }
  }

  /// In order. The last line of a run whose supervisor was killed may be cut: it is left out.
  package static func events(in logs: LogDirectory) -> [Event] {
    [earlierFileName, fileName].flatMap { name -> [Event] in
      guard let text = ProcFile.read(logs.path.appending(name).string) else { return [] }
      return text.utf8.split(separator: UInt8(ascii: "\n")).compactMap {
        try? WireCoding.decode(Event.self, from: $0)
      }
    }
  }
}
