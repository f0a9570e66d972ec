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
  private let table: UnsafeMutableRawPointer
  /// Outputs of one step at most: as many as the run has queues and directions of pipes.
  let outputLimit: Int

  /// By whom a step is carried out.
  enum Attempt {
    /// By the worker: nothing of it has happened.
    case first
    /// By who repairs after its death: some of it may have happened.
    case repeated
  }

  struct Header: BitwiseCopyable {
    var outputs: UInt32 = 0
    var hasInput = false
    var inputIsPipe = false
    var hasDurable = false
    var hasClaim = false
    /// The input's item is not finished but given up.
    var givenUp = GivenUp.no
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

  /// Outputs that lie in the worker's entry, which has no room for more.
  static let ownOutputCount = 48
  static let byteCount = outputsOffset + ownOutputCount * outputByteCount
  private static let outputsOffset = 576
  private static let outputByteCount = 48

  /// Of the table for the outputs that have no room in the entry.
  static func tableByteCount(outputs count: Int) -> Int { max(0, count - ownOutputCount) * outputByteCount }

  /// `table`: of `tableByteCount(outputs: outputLimit)` bytes.
  init(at memory: UnsafeMutableRawPointer, table: UnsafeMutableRawPointer, outputLimit: Int) {
    self.memory = memory
    self.table = table
    self.outputLimit = outputLimit
    assert(
      64 + MemoryLayout<Header>.size <= Self.outputsOffset && MemoryLayout<Output>.stride <= Self.outputByteCount)
  }

  private var armed: UnsafeMutablePointer<Atomic<UInt32>> { memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1) }
  var header: UnsafeMutablePointer<Header> { (memory + 64).bindMemory(to: Header.self, capacity: 1) }

  func output(_ index: Int) -> UnsafeMutablePointer<Output> {
    precondition(index < outputLimit)
    let place =
      index < Self.ownOutputCount
      ? memory + Self.outputsOffset + index * Self.outputByteCount
      : table + (index - Self.ownOutputCount) * Self.outputByteCount
    return place.assumingMemoryBound(to: Output.self)
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
