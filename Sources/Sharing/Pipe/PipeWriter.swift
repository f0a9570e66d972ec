/// The writing end of a pipe of framed records, in its process: puts records behind the tail, where nobody reads yet,
/// until a step publishes them together.
///
/// A place in private memory, and so passed on without counting references.
package struct PipeWriter {
  private struct State {
    let pipe: PipeDirection
    /// Put since the last publish.
    var staged: StagedRecords
  }
  private let state: UnsafeMutablePointer<State>

  package init(_ pipe: PipeDirection) {
    state = .allocate(capacity: 1)
    state.initialize(to: State(pipe: pipe, staged: pipe.nothingStaged))
  }

  package func deallocate() { state.deallocate() }

  @inline(__always)
  package var pipe: PipeDirection {
    @inline(__always) _read { yield state.pointee.pipe }
  }

  package var stagedCount: Int { Int(state.pointee.staged.items) }
  package var stagedByteCount: Int { Int(state.pointee.staged.payloadByteCount) }
  package var staged: StagedRecords { state.pointee.staged }

  /// Puts a record, given without its head, behind those staged; false: there is no room for it now.
  package func stage(_ payload: UnsafeRawBufferPointer) -> Bool {
    state.pointee.pipe.stage(payload, behind: &state.pointee.staged)
  }

  /// Puts whole records, as they lie in a ring, behind those staged; false: there is no room for all.
  package func stage(_ records: PendingRecords) -> Bool {
    state.pointee.pipe.stage(records, behind: &state.pointee.staged)
  }

  /// Whether `stage` would have room, for one that waits until the reader gave some back.
  func hasRoom(for payloadByteCount: Int) -> Bool {
    state.pointee.pipe.hasRoom(for: payloadByteCount, behind: state.pointee.staged)
  }

  func need(of payloadByteCount: Int) -> WaitNeed {
    state.pointee.pipe.need(of: payloadByteCount, behind: state.pointee.staged)
  }

  /// After a step that published them.
  @inline(__always)
  package func didPublish() {
    state.pointee.staged.oldTail = state.pointee.staged.newTail
    state.pointee.staged.items = 0
    state.pointee.staged.payloadByteCount = 0
  }
}
