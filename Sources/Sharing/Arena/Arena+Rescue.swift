/// What the supervisor does when it waits for a lock whose holder has died as well.
///
/// It repairs one death at a time, but several may have happened: while it repairs the first, it may want a lock that
/// the second held. Nobody else would free that.
final class Rescue {
  /// Sections under these locks take well under a microsecond.
  static let patienceNanoseconds: UInt64 = 1_000_000

  var help: (HolderID) -> Void = { _ in }
  /// Whose short locks were broken last: if it is in the way still, it held one of the longer ones.
  fileprivate var lastHelped: HolderID?
}

extension Arena {
  /// To be called before anyone runs. `isDead`: whether that worker has died (and was not reaped yet); asked again and
  /// again while it is in the way.
  package func rescueLocks(ofDead isDead: @escaping (_ worker: Int) -> Bool) {
    rescue.help = { [unowned self] holder in
      let worker = Int(holder.rawValue) - 1
      guard plan.workers.indices.contains(worker), plan.workers[worker] != nil, isDead(worker) else { return }
      if rescue.lastHelped == holder {
        releaseWriting(of: worker)
        rescue.lastHelped = nil
      } else {
        for queue in touchedQueues(worker) { breakCellLock(of: queue, heldBy: holder) }
        for (primitive, _) in usedPrimitives(worker) { primitive.breakLock(heldBy: holder) }
        breakGroupLock(of: worker, heldBy: holder)
        rescue.lastHelped = holder
      }
    }
  }

  /// The locks that are held over a whole step, which is completed first. Repeated, and so harmless, when the worker's
  /// own repair comes.
  private func releaseWriting(of worker: Int) {
    let dead = HolderID(worker: worker)
    let redo = entry(worker).redo
    if redo.isArmed {
      carryOut(redo, of: worker, .repeated, as: supervisor)
      redo.disarm()
    }
    for queue in touchedQueues(worker) { queue.writersLock.breakIfHeld(by: dead) }
  }
}
