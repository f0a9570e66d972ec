internal import CPlatform
internal import Synchronization

/// A worker's intent to change several things in one step: filled in, armed by one store, carried out, disarmed.
///
/// If the worker dies before it is armed, nothing has happened; after, the scavenger carries it out. Every part may be
/// repeated without effect.
///
/// Nobody but the worker looks at it while that lives, and for who repairs after its death its stores are in the order of
/// its instructions (see `UndoLog`): what has to be kept from changing the order is the compiler alone.
struct Redo {
  private let memory: UnsafeMutableRawPointer

  /// By whom a step is carried out.
  enum Attempt {
    /// By the worker: nothing of it has happened.
    case first
    /// By who repairs after its death: some of it may have happened.
    case repeated
  }

  /// Outputs of one step at most: it must fit into the entry.
  static let outputLimit = 48

  struct Header: BitwiseCopyable {
    var outputs: UInt32 = 0
    var hasInput = false
    var inputIsPipe = false
    var hasDurable = false
    var hasClaim = false
    /// By the scavenger: the input's item is not finished but given up.
    var givesUp = false
    var inputResource: UInt32 = 0
    var inputEnd: UInt32 = 0
    var input = InputProgress(oldPosition: 0, newPosition: 0, items: 0, oldEmitted: 0, newEmitted: 0)
    var claimGroup: UInt32 = 0
    var claim: UInt64 = 0
    var durable = Durable()
  }

  struct Output: BitwiseCopyable {
    var resource: UInt32
    var isPipe: Bool
    /// Of a pipe: the direction's index.
    var direction: UInt32
    var dropped: UInt32
    var staged: StagedRecords
  }

  static let byteCount = outputsOffset + outputLimit * 48
  private static let outputsOffset = 576

  init(at memory: UnsafeMutableRawPointer) {
    self.memory = memory
    assert(64 + MemoryLayout<Header>.size <= Self.outputsOffset && MemoryLayout<Output>.stride <= 48)
  }

  private var armed: UnsafeMutablePointer<Atomic<UInt32>> { memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1) }
  var header: UnsafeMutablePointer<Header> { (memory + 64).bindMemory(to: Header.self, capacity: 1) }
  var outputs: UnsafeMutablePointer<Output> {
    (memory + Self.outputsOffset).bindMemory(to: Output.self, capacity: Self.outputLimit)
  }

  var isArmed: Bool { armed.pointee.load(ordering: .acquiring) != 0 }
  /// What the header and outputs say is there before, and nothing of the step is done before: the instant in which it
  /// happens.
  func arm() { setArmed(1) }
  /// All of the step is done before, and the record of the next one is written after.
  func disarm() { setArmed(0) }

  private func setArmed(_ word: UInt32) {
    mporch_order_stores()
    armed.pointee.store(word, ordering: .releasing)
    mporch_order_stores()
  }
}
