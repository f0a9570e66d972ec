extension Resource.Kind {
  var section: ResourceSection {
    switch self {
    case .value: .values
    case .array: .arrays
    case .queue: .queues
    case .pipe: .pipes
    case .lock: .locks
    case .semaphore: .semaphores
    case .condition: .conditions
    case .event: .events
    case .barrier: .barriers
    case .managed: .managed
    case .pool: .pools
    }
  }
}
