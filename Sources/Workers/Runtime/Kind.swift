public import Topology

/// Work that a process of a topology can name with `task:`.
///
/// An instance lives in one worker process, from its fork to its end. `run` returns when the work is done: the
/// process then ends with success. An error that it throws ends the process: `KindFailure` as a failure with its
/// message in the log, others as the runtime decides (the end of all readers is a success).
public protocol Kind {
  static var signature: KindSignature { get }

  /// `arguments` are complete and checked against the signature.
  init(_ arguments: Arguments) throws

  mutating func run(_ worker: Worker) throws
}

/// Ends the worker as failed. In the log its words stand in the form of a diagnostic, with the place and the process
/// before them.
public struct KindFailure: Error, CustomStringConvertible {
  /// What was tried with what, and why it can't be.
  public var message: String
  /// What to change.
  public var help: String?
  /// Another life would fail the same way: the restart policy does not apply.
  public var isForGood: Bool

  public init(_ message: String, help: String? = nil, isForGood: Bool = false) {
    self.message = message
    self.help = help
    self.isForGood = isForGood
  }

  public var description: String { help.map { "\(message); \($0)" } ?? message }
}

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
