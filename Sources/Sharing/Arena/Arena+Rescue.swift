/// What the supervisor does when it waits for a lock: nobody else would free one that a dead worker holds, and it may
/// hold one itself that a living worker waits for while that has what the supervisor wants.
///
/// It keeps nothing of one wait for the next: each look goes over all locks as they are then.
package final class Rescue {
  /// Sections under these locks take well under a microsecond.
  static let patienceNanoseconds: UInt64 = 1_000_000
  /// Looks, each after that patience, at one and the same holder that could go on: after them it is taken for none.
  fileprivate static let lookLimit = 4000
  /// At one that the table does not know. A worker's last words can't be under way still: it is scavenged before it is
  /// forgotten.
  fileprivate static let lookLimitForNobody = 2

  /// Who a lock's word names.
  package enum Standing: Sendable {
    case awake
    /// In a system call that waits.
    case asleep
    /// Alive, and kept from going on from outside: by a debugger, or in a system call that can't be interrupted.
    case heldUp
    /// Seen, and not reaped yet.
    case dead
    /// No worker that lives, or was not repaired.
    case nobody
  }

  fileprivate var standingOfWorker: (_ worker: Int) -> Standing = { _ in .nobody }
  fileprivate var freeLocksOfDead: () -> Void = {}
  fileprivate var damageOfLock: (HolderLock) -> Damage? = { _ in nil }
  fileprivate var worker: (HolderID) -> Int? = { _ in nil }

  private var damages: [Damage] = []
  private var known: Set<Damage> = []

  func standing(of holder: HolderID) -> Standing { worker(holder).map(standingOfWorker) ?? .nobody }

  /// The supervisor has waited for `lock`, `looks` times for this holder. True: it is damaged, and to be taken.
  func look(_ lock: HolderLock, heldBy holder: HolderID, _ looks: inout Int) -> Bool {
    freeLocksOfDead()
    guard lock.isHeld(by: holder) else { return false }
    switch standing(of: holder) {
    case .heldUp, .dead: return false
    case .awake, .asleep:
      looks += 1
      guard looks >= Self.lookLimit else { return false }
    case .nobody:
      looks += 1
      guard looks >= Self.lookLimitForNobody else { return false }
    }
    if let damage = damageOfLock(lock) { tell(damage) }
    return true
  }

  func tell(_ damage: Damage) {
    if known.insert(damage).inserted { damages.append(damage) }
  }

  func takeDamage() -> [Damage] {
    defer { damages = [] }
    return damages
  }
}

extension Arena {
  /// To be called before anyone runs. `standing`: of a worker of the table, asked again and again while it is in the way.
  package func rescueLocks(_ standing: @escaping (_ worker: Int) -> Rescue.Standing) {
    rescue.standingOfWorker = standing
    rescue.worker = { [unowned self] in worker(of: $0) }
    rescue.freeLocksOfDead = { [unowned self] in freeLocksOfDead() }
    rescue.damageOfLock = { [unowned self] in damage(of: $0) }
  }

  /// Those that are held for a moment first, for which nothing has to be waited. Then those that are held over a whole
  /// step, which is completed before: that may have to wait for one of the former, and for nothing else.
  private func freeLocksOfDead() {
    for queue in queues.compactMap(\.self) {
      if let holder = deadHolder(of: queue.cell.lock) { breakCellLock(of: queue, heldBy: holder) }
    }
    for primitive in primitives {
      if let holder = deadHolder(of: primitive.lock) { primitive.breakLock(heldBy: holder) }
    }
    for (member, group) in groups {
      if let holder = deadHolder(of: group.cell.lock) { breakGroupLock(of: member, heldBy: holder) }
    }
    guard !isCompletingSteps else { return }
    isCompletingSteps = true
    defer { isCompletingSteps = false }
    for queue in queues.compactMap(\.self) {
      guard let holder = deadHolder(of: queue.writersLock), let worker = worker(of: holder) else { continue }
      completeStep(of: worker)
      queue.writersLock.breakIfHeld(by: holder)
    }
  }

  /// Each once, with one of its members.
  var groups: [(member: Int, group: Group)] {
    var known: Set<Int> = []
    return plan.workers.indices.compactMap { worker in
      guard let index = groupIndex(of: worker), known.insert(index).inserted else { return nil }
      return (worker, group(index))
    }
  }

  private func deadHolder(of lock: HolderLock) -> HolderID? {
    guard let holder = lock.holder, case .dead = rescue.standing(of: holder) else { return nil }
    return holder
  }

  private func damage(of lock: HolderLock) -> Damage? {
    for queue in queues.compactMap(\.self) where lock.isSame(as: queue.cell.lock) || lock.isSame(as: queue.writersLock)
    {
      return queue.damage
    }
    if let primitive = primitives.first(where: { $0.lock.isSame(as: lock) }) {
      return .resource(primitive.resource, lastWriter: nil)
    }
    return groups.first { $0.group.cell.lock.isSame(as: lock) }.map { .group(member: $0.member) }
  }

  /// What a dead worker has armed. Repeated, and so harmless, when its own repair comes.
  func completeStep(of worker: Int) {
    let redo = entry(worker).redo
    guard redo.isArmed else { return }
    carryOut(redo, of: worker, .repeated, as: supervisor)
    redo.disarm()
  }
}
