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
