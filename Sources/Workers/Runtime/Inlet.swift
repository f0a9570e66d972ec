public import Topology

/// A port that a kind reads: a queue, or an end of a pipe.
public final class Inlet {
  /// What its records hold: `.any` is CBOR, `.number` raw little-endian, `.string` and `.bytes` the bytes.
  public var type: ItemType { fatalError() }

  /// The next items, or `nil` at the end of the stream.
  ///
  /// First publishes the worker's outputs and finishes the items lent before, in one step. Waits if there is none.
  /// What the batch lends is valid until the next call.
  public func next() throws -> Batch? { fatalError() }

  /// Waits until `count` items are there, the stream ends or `linger` has passed since the first of them came
  /// (`nil`: no limit); lends at most `count`, fewer only in the latter cases.
  public func next(exactly count: Int, linger: Duration?) throws -> Batch? { fatalError() }

  /// After the end: a writer failed, so the stream may be incomplete.
  public var endedByFailure: Bool { fatalError() }
}

/// Items lent by an `Inlet`: records that lie one behind another in shared memory.
public struct Batch {
  public var count: Int { fatalError() }
  /// Bytes of the records' payloads.
  public var byteCount: Int { fatalError() }

  /// Calls `body` with each record's payload, in order. While it runs, outputs may be published early (a large
  /// answer): each item's answer still counts exactly once.
  public func forEach(_ body: (UnsafeRawBufferPointer) throws -> Void) throws { fatalError() }

  /// The first `limit` only; if the worker ends then, the others go back to the queue.
  public func forEach(first limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws { fatalError() }
}
