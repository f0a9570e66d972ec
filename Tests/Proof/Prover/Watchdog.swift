import Glibc
import Tracing

/// Ends the program with words where nothing moves any more; and tells waits that time passes.
enum Watchdog {
  static let tickMilliseconds: Int32 = 20

  /// Ticks since the last sign of life. Only the one thread and its signal handler touch it.
  nonisolated(unsafe) private static var ticks = 0
  /// What is said where nothing moves: static memory, for the handler.
  nonisolated(unsafe) private static var words: UnsafeMutableBufferPointer<CChar> = .allocate(capacity: 512)

  static func start() {
    words.update(repeating: 0)
    guard proof_tick(tickMilliseconds, { _ in Watchdog.tick() }) == 0 else { fatalError("no timer") }
  }

  /// Something has moved; `doing` is what comes next.
  static func reset(_ doing: String) {
    ticks = 0
    _ = doing.utf8CString.withUnsafeBufferPointer { source in
      words.update(fromContentsOf: source.prefix(words.count - 1))
    }
  }

  private static func tick() {
    ticks += 1
    guard ticks * Int(tickMilliseconds) > 60_000 else { return }
    _ = write(2, "stuck: ", 7)
    _ = write(2, words.baseAddress, strlen(words.baseAddress!))
    _ = write(2, "\n", 1)
    _exit(1)
  }
}
