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
    let path = directory.appending(Self.fileName).string
    file = (try? PlainFile.open(path, O_WRONLY | O_CREAT | O_APPEND)).map(FileDescriptor.init(rawValue:))
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
  static func forget(in folder: borrowing PrivateFolder) {
    for name in [fileName, earlierFileName] { folder.remove(name) }
  }

  /// In order. The last line of a run whose supervisor was killed may be cut: it is left out.
  package static func events(in logs: LogDirectory) throws(Refusal) -> [Event] {
    var text: [UInt8] = []
    for name in [earlierFileName, fileName] { text += try logs.content(of: name) ?? [] }
    return text.split(separator: UInt8(ascii: "\n")).compactMap { try? WireCoding.decode(Event.self, from: $0) }
  }
}

extension LogDirectory {
  /// Of a file beside the logs; `nil`: it isn't there.
  func content(of name: String) throws(Refusal) -> [UInt8]? {
    do throws(PrivateFolder.Failure) {
      return try open().read(name)
    } catch .system(_, .noSuchFileOrDirectory) {
      return nil
    } catch {
      throw Refusal(ofLogs: error)
    }
  }
}
