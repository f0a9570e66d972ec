internal import Sharing
internal import Topology

/// What the supervisor knows of one sort of primitive: how its memory begins, and what is said of it and of who waits
/// there. A new sort is a type of this kind, in a file of its own, and a case of `Resource.Kind.primitive`.
protocol SupervisedPrimitive {
  var initial: any PrimitiveState { get }

  /// For `inspect`; `nil`: there is nothing to tell.
  func detail(of index: Int, _ reporter: ResourceReporter) -> ResourceStatus.Detail?
  /// What one waits for there, after `waits`; `name`: the resource's.
  func wait(at name: String, _ index: Int, _ words: WaitWords) -> PrimitiveWait
  /// For `why`, where it makes others wait as a lock does; `nil`: it does not.
  func lockUse(name: String) -> LockUse?
}

extension SupervisedPrimitive {
  func lockUse(name: String) -> LockUse? { nil }
}

struct PrimitiveWait {
  var words: String
  /// Any of its users could end the wait, so that they are named.
  var isForUsers = true
  /// Locks that all take in one order would have prevented it.
  var isForLock = false
}

extension Resource.Kind {
  /// `nil`: it is none.
  var primitive: (any SupervisedPrimitive)? {
    switch self {
    case .semaphore(let initial, let isBounded): SupervisedSemaphore(count: initial, isBounded: isBounded)
    case .condition(let lock): SupervisedCondition(lock: lock)
    case .event(let isSet): SupervisedEvent(isSet: isSet)
    case .barrier(let parties): SupervisedBarrier(parties: parties)
    case .readWriteLock: SupervisedReadWriteLock()
    case .value, .array, .queue, .pipe, .lock, .managed, .pool: nil
    }
  }
}
