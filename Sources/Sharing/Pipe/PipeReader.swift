/// The reading end of a pipe in its process, and what it has taken.
///
/// A place in private memory, and so passed on without counting references.
package struct PipeReader {
  private struct State {
    let pipe: PipeDirection
    let headerByteCount: Int
    /// A small message, copied out of the line on which it came.
    let box: UnsafeMutableRawPointer
    var isBoxed = false
    var spin: SpinBudget
  }
  private let state: UnsafeMutablePointer<State>

  package init(_ pipe: PipeDirection, spin: SpinBudget) {
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(
        pipe: pipe, headerByteCount: pipe.stride > 0 ? 0 : Ring.headerByteCount,
        box: .allocate(byteCount: PipeLine.boxByteCount, alignment: 64), spin: spin))
  }

  package func deallocate() {
    state.pointee.box.deallocate()
    state.deallocate()
  }

  @inline(__always)
  package var pipe: PipeDirection {
    @inline(__always) _read { yield state.pointee.pipe }
  }

  /// Messages that lie one behind another from the head, and the bytes of the first. Valid until the next call, or
  /// until the head is moved past them.
  package struct Taken {
    package var run: Ring.Run
    package var first: UnsafeRawBufferPointer
  }

  /// Up to `limit` messages, looking for one for a while; `nil`: there is none still, or the writer has ended.
  package func takeLooking(limit: Int) -> Taken? {
    if let taken = takeFirst(limit: limit) { return taken }
    return look(since: state.pointee.pipe.head) ? takeFirst(limit: limit) : nil
  }

  @inline(__always)
  private func takeFirst(limit: Int) -> Taken? {
    let run = take(limit: limit, wrapping: false)
    if run.items == 0 { return nil }
    let byteCount = run.items == 1 ? run.payloadByteCount : state.pointee.pipe.ring.payloadByteCount(of: run)
    let first = UnsafeRawBufferPointer(
      start: record(at: run.from) + state.pointee.headerByteCount, count: byteCount)
    return Taken(run: run, first: first)
  }

  /// Up to `limit` messages from the head, past the ring's end too where `wrapping`; none if none is there.
  @inline(__always)
  package func take(limit: Int, wrapping: Bool) -> Ring.Run {
    if let small = state.pointee.pipe.copySmall(to: state.pointee.box) {
      state.pointee.isBoxed = true
      return small
    }
    state.pointee.isBoxed = false
    return state.pointee.pipe.run(limit: limit, wrapping: wrapping)
  }

  /// The first byte, of its head where it has one, of the record at `position`, which was taken.
  package func record(at position: UInt64) -> UnsafeRawPointer {
    state.pointee.isBoxed
      ? UnsafeRawPointer(state.pointee.box) : UnsafeRawPointer(state.pointee.pipe.ring.address(position))
  }

  /// True as soon as the tail is not `tail` or the writer has ended; false if neither came while it was worth looking.
  @inline(__always)
  package func look(since tail: UInt64) -> Bool {
    state.pointee.spin.run { state.pointee.pipe.hasNews(since: tail) }
  }

  /// Sleeps until the tail is not `tail` or the writer has ended, or until `deadline` (monotonic clock, nanoseconds).
  /// `hasSome`: there are messages, and it is more that are wanted: so until there is no room for more, either.
  package func sleep(since tail: UInt64, hasSome: Bool, until deadline: UInt64?, showingIn entry: WorkerEntry) {
    let pipe = state.pointee.pipe
    let nanoseconds = entry.waiting(
      on: .read(resource: pipe.resource), isTimed: deadline != nil, for: .news(since: tail)
    ) {
      pipe.sleep(.reader, until: deadline) { pipe.hasNews(since: tail) || hasSome && pipe.writerSleeps }
    }
    state.pointee.spin.didSleep(nanoseconds: nanoseconds)
  }
}
