/// What exactly a waiter needs of the resource that it waits for, so that others can tell whether it is there: numbers
/// whose meaning goes with the kind of wait.
package struct WaitNeed: Sendable, Equatable {
  var first: UInt64
  var second: UInt64

  init(first: UInt64, second: UInt64 = 0) {
    self.first = first
    self.second = second
  }

  /// What the kind of wait says is all.
  package static let nothingMore = WaitNeed(first: 0)

  /// That many items of a queue, or the end.
  package static func items(_ count: Int) -> WaitNeed { WaitNeed(first: UInt64(count)) }

  /// Room in a queue for an item of so many bytes.
  package static func room(forItemOf byteCount: Int) -> WaitNeed { WaitNeed(first: UInt64(byteCount)) }

  /// Of a pipe: another tail than this.
  package static func news(since tail: UInt64) -> WaitNeed { WaitNeed(first: tail) }

  /// Of a pipe: room between these positions.
  static func room(from start: UInt64, to end: UInt64) -> WaitNeed { WaitNeed(first: start, second: end) }

  /// Of an event: another generation than this.
  static func setting(after generation: UInt64) -> WaitNeed { WaitNeed(first: generation) }
}
