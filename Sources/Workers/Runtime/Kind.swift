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

/// Ends the worker as failed; `message` names place, value and fix.
public struct KindFailure: Error, CustomStringConvertible {
  public var description: String
  /// Another life would fail the same way: the restart policy does not apply.
  public var isForGood: Bool

  public init(_ description: String, isForGood: Bool = false) {
    self.description = description
    self.isForGood = isForGood
  }
}
