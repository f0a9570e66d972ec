internal import CPlatform
internal import Synchronization

/// How often a worker has changed a shared value: outlives the worker, and, where the changes are made under a declared
/// lock, agrees with the value at any instant.
///
/// A change under the lock is one step: the intended count and the new bits are noted, then the value is stored, then
/// the count. A worker killed in between has the rest done by the scavenger, before its lock is freed for others.
package struct Tally: @unchecked Sendable {
  // Sendable: a place in the worker's entry; the worker's own while it lives, then the scavenger's.
  private let memory: UnsafeMutableRawPointer

  private enum Offset {
    static let count = 0
    /// The count behind the change that is under way; none is where it is no greater than `count`.
    static let intended = 8
    static let bits = 16
    static let resource = 24
    static let byteCount = 28
  }
  static let byteCount = 32

  init(at memory: UnsafeMutableRawPointer) { self.memory = memory }

  private func word(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    (memory + offset).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  /// Changes made so far, in all lives of the worker.
  package var count: UInt64 { word(Offset.count).pointee.load(ordering: .relaxed) }

  /// Before the first change: which value is changed.
  package func begin(value resource: Int, byteCount: Int) {
    memory.storeBytes(of: UInt32(resource), toByteOffset: Offset.resource, as: UInt32.self)
    memory.storeBytes(of: UInt32(byteCount), toByteOffset: Offset.byteCount, as: UInt32.self)
  }

  /// The value's lock is held, and what follows is to store `bits` in the value, then `count(next)`: one step. The
  /// instant in which it happens is here: nothing of what follows is stored before.
  package func intend(_ next: UInt64, storing bits: UInt64) {
    word(Offset.bits).pointee.store(bits, ordering: .relaxed)
    // Who finds the intention is who repairs after this worker's death, for whom its stores are in the order of its
    // instructions: see `UndoLog`. So it is the compiler alone that must keep it.
    mporch_order_stores()
    word(Offset.intended).pointee.store(next, ordering: .relaxed)
    mporch_order_stores()
  }

  /// Change number `next` was made. Without an intention before it, one that is made and not counted when the worker is
  /// killed is made again.
  package func count(_ next: UInt64) {
    // Release: who finds the count finds the value stored.
    word(Offset.count).pointee.store(next, ordering: .releasing)
  }

  /// What a dead worker had begun; `nil`: nothing.
  fileprivate var unfinished: (resource: Int, byteCount: Int, bits: UInt64)? {
    guard word(Offset.intended).pointee.load(ordering: .acquiring) > count else { return nil }
    return (
      Int(memory.load(fromByteOffset: Offset.resource, as: UInt32.self)),
      Int(memory.load(fromByteOffset: Offset.byteCount, as: UInt32.self)),
      word(Offset.bits).pointee.load(ordering: .relaxed)
    )
  }

  fileprivate func finish() {
    word(Offset.count).pointee.store(
      word(Offset.intended).pointee.load(ordering: .relaxed), ordering: .releasing)
  }
}

extension Arena {
  /// Finishes the change that a dead worker was at, while its lock is held still. Repeatable.
  func finishChange(of worker: Int) {
    let tally = entry(worker).tally
    guard let change = tally.unfinished else { return }
    defer { tally.finish() }
    // What another process wrote is checked before use.
    guard plan.resources.indices.contains(change.resource),
      case .value(let byteCount) = plan.resources[change.resource],
      byteCount == change.byteCount, let place = elements(change.resource)
    else { return }
    // A narrow value's bits are the low ones, which come first in memory.
    withUnsafeBytes(of: change.bits.littleEndian) {
      place.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<min(byteCount, $0.count)]))
    }
  }
}
