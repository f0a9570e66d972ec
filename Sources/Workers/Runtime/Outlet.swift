public import Topology

/// A port that a kind writes: queues or ends of pipes, each of which gets every item.
///
/// Items are collected and published together: when 16 KiB are there, before the worker waits, and at its end.
public final class Outlet {
  /// What its records hold.
  public var type: ItemType { fatalError() }

  /// Bytes of the largest item that every bound resource takes.
  public var largestItemByteCount: Int { fatalError() }

  /// A string or bytes; encoded where the type is `any`; an error where it is a number.
  public func append(_ bytes: UnsafeRawBufferPointer) throws { fatalError() }
  /// Numbers go into every number type in whose range they are (an integral float into integers), and into `any`.
  public func append(_ value: Int64) throws { fatalError() }
  public func append(_ value: Double) throws { fatalError() }
  public func append(_ item: Item) throws { fatalError() }
  /// A record as another port of the same type lends it.
  public func append(record: UnsafeRawBufferPointer) throws { fatalError() }

  /// Publishes now what was appended; waits for room as the queue's `on_full` says.
  public func publish() throws { fatalError() }
}
