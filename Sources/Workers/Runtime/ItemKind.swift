public import Topology

/// A kind that answers each item by itself, whatever came before. A pool can call it with its tasks too, if its
/// signature says what comes of that (`taskResult`).
public protocol ItemKind: Kind {
  /// Puts the answer to an item, given as a port of `type` lends it. An error ends the worker, or fails the task.
  mutating func answer(_ record: UnsafeRawBufferPointer, of type: ItemType, to output: some ItemOutput) throws
}

extension ItemKind {
  public mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    let input = worker.input
    while let batch = try input.next() {
      try batch.forEach { try answer($0, of: input.type, to: output) }
    }
  }
}

/// Where answers go: an outlet, or the result of a pool's task.
public protocol ItemOutput: AnyObject {
  /// A string or bytes.
  func append(_ bytes: UnsafeRawBufferPointer) throws
  func append(_ value: Int64) throws
  func append(_ value: Double) throws
  func append(_ item: Item) throws
  /// As a port of that type lent it.
  func append(record: UnsafeRawBufferPointer, of type: ItemType) throws
}

extension Outlet: ItemOutput {}
