internal import CPlatform
internal import Glibc
package import Synchronization

/// A 32-bit word in shared memory on which processes sleep and wake each other.
package struct Futex: @unchecked Sendable {
  // Sendable: a place in memory that all processes share; only atomics touch it.
  package let word: UnsafeMutablePointer<Atomic<UInt32>>

  package init(_ word: UnsafeMutablePointer<Atomic<UInt32>>) { self.word = word }

  package enum Outcome: Sendable {
    /// Woken, interrupted, or the word had changed already: look again.
    case lookAgain
    case timedOut
  }

  /// Sleeps while the word is `expected`. `deadline` in nanoseconds of `MonotonicClock`; `nil`: no limit.
  package func wait(whileEqual expected: UInt32, until deadline: UInt64? = nil) -> Outcome {
    let status: Int32
    if let deadline {
      var time = timespec(nanoseconds: deadline)
      status = mporch_futex_wait(word, expected, &time)
    } else {
      status = mporch_futex_wait(word, expected, nil)
    }
    return -status == ETIMEDOUT ? .timedOut : .lookAgain
  }

  /// Words that one process can sleep on at once.
  package static let waitLimit = 128

  /// Sleeps while all of them are `expected`; may return early for no reason.
  package static func wait(whileAllEqual expected: UInt32, _ futexes: [Futex], until deadline: UInt64?) {
    let words = futexes.map { UnsafeRawPointer?($0.word) }
    let status: Int32
    if let deadline {
      var time = timespec(nanoseconds: deadline)
      status = mporch_futex_wait_any(words, Int32(words.count), expected, &time)
    } else {
      status = mporch_futex_wait_any(words, Int32(words.count), expected, nil)
    }
    // A kernel before 5.16 can't: look again soon.
    if status == -ENOSYS { MonotonicClock.sleep(until: min(deadline ?? .max, MonotonicClock.now + 500_000)) }
  }

  package func wake(_ count: Int = 1) {
    _ = mporch_futex_wake(word, Int32(clamping: count))
  }
}

/// Sleep of which a futex is to wake: as long as the word has the value.
package struct FutexWait: Sendable {
  private let futex: Futex
  let value: UInt32

  package init(_ futex: Futex, whileEqual value: UInt32) {
    self.futex = futex
    self.value = value
  }

  /// As long as it is what it is now.
  package init(_ futex: Futex) { self.init(futex, whileEqual: futex.word.pointee.load(ordering: .acquiring)) }

  var word: UnsafeMutablePointer<Atomic<UInt32>> { futex.word }

  /// The word has changed.
  package var isOver: Bool { futex.word.pointee.load(ordering: .acquiring) != value }

  /// Sleeps; `deadline` in nanoseconds of `MonotonicClock`.
  package func sleep(until deadline: UInt64?) { _ = futex.wait(whileEqual: value, until: deadline) }
}

extension timespec {
  init(nanoseconds: UInt64) {
    self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}

/// Tells the processor that this is a spinning loop.
@inline(__always)
package func spinPause() { mporch_spin_pause() }
