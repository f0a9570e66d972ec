import Glibc
import Tracing

/// Ends the program with words where nothing moves any more; and tells waits that time passes.
enum Watchdog {
  static let tickMilliseconds: Int32 = 20

  /// Ticks since the last sign of life: by a pointer, as the signal handler may come in the middle of an access.
  nonisolated(unsafe) private static let ticks: UnsafeMutablePointer<Int> = .allocate(capacity: 1)
  /// What is said where nothing moves: static memory, for the handler.
  nonisolated(unsafe) private static let words: UnsafeMutableBufferPointer<CChar> = .allocate(capacity: 512)

  static func start() {
    words.update(repeating: 0)
    ticks.initialize(to: 0)
    guard proof_tick(tickMilliseconds, { _ in Watchdog.tick() }) == 0 else { fatalError("no timer") }
    guard proof_tell_crashes({ _ in Watchdog.tellCrash() }) == 0 else { fatalError("no signals") }
  }

  /// Something has moved; `doing` is what comes next.
  static func reset(_ doing: String) {
    ticks.pointee = 0
    _ = doing.utf8CString.withUnsafeBufferPointer { source in
      words.update(fromContentsOf: source.prefix(words.count - 1))
    }
  }

  private static func tick() {
    ticks.pointee += 1
    guard ticks.pointee * Int(tickMilliseconds) > 60_000 else { return }
    say("stuck: ")
    _exit(1)
  }

  /// What the prover does as the supervisor has gone wrong.
  static func giveUp(_ why: StaticString) -> Never {
    _ = write(2, "FAILED ", 7)
    _ = write(2, why.utf8Start, why.utf8CodeUnitCount)
    say(": ")
    _exit(1)
  }

  /// The prover itself has crashed, mostly in what it does as the supervisor.
  private static func tellCrash() {
    say("FAILED: crashed: ")
    _exit(1)
  }

  private static func say(_ what: StaticString) {
    _ = write(2, what.utf8Start, what.utf8CodeUnitCount)
    _ = write(2, words.baseAddress, strlen(words.baseAddress!))
    _ = write(2, "\n", 1)
  }
}
