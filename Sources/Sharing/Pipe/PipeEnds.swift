/// The reading end of a pipe in its process, and what it has taken.
///
/// A place in private memory, and so passed on without counting references.
package struct PipeReader {
  private struct State {
    let pipe: PipeDirection
    let headerByteCount: Int
    /// A small message, copied out of the line on which it came.
    let box: UnsafeMutableRawPointer
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
    if let small = state.pointee.pipe.copySmall(to: state.pointee.box) {
      return Taken(run: small, first: payload(small.payloadByteCount, ofRecordAt: state.pointee.box))
    }
    let run = state.pointee.pipe.run(limit: limit)
    if run.items == 0 { return nil }
    let ring = state.pointee.pipe.ring
    let byteCount = run.items == 1 ? run.payloadByteCount : ring.payloadByteCount(of: run)
    return Taken(run: run, first: payload(byteCount, ofRecordAt: ring.address(run.from)))
  }

  @inline(__always)
  private func payload(_ byteCount: Int, ofRecordAt record: UnsafeMutableRawPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: record + state.pointee.headerByteCount, count: byteCount)
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

/// The writing end of a pipe of framed records, in its process: puts records behind the tail, where nobody reads yet,
/// until a step publishes them together.
///
/// A place in private memory, and so passed on without being copied. What is staged is the pipe's to know.
package struct PipeWriter {
  private let place: UnsafeMutablePointer<PipeDirection>

  package init(_ pipe: PipeDirection) {
    place = .allocate(capacity: 1)
    place.initialize(to: pipe)
  }

  package func deallocate() { place.deallocate() }

  @inline(__always)
  package var pipe: PipeDirection {
    @inline(__always) _read { yield place.pointee }
  }

  package var stagedCount: Int { Int(place.pointee.staged.items) }
  package var stagedByteCount: Int { Int(place.pointee.staged.payloadByteCount) }

  /// Puts a record, given without its head, behind those staged; false: there is no room for it now.
  package func stage(_ payload: UnsafeRawBufferPointer) -> Bool { place.pointee.stage(payload) }
}
