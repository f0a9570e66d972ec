internal import Logs
internal import SystemPackage

/// mporch's own words about a run, kept beside the logs of its processes.
final class OwnLog {
  private var capture: LogCapture

  init(file: FilePath, maxFileByteCount: Int, maxFileCount: Int) {
    capture = LogCapture(path: file, maxFileByteCount: maxFileByteCount, maxFileCount: maxFileCount)
  }

  /// `text` may have several lines. Gives what is to be said elsewhere.
  @discardableResult
  func append(_ text: String, time: Int64) -> LogCapture.Change? {
    var line = text + "\n"
    return line.withUTF8 { capture.append(UnsafeRawBufferPointer($0), stream: .stderr, timeNanoseconds: time) }
  }
}
