import Supervisor

/// A live resource for a program: one flat object, with the keys of its sort. What there is nothing to tell of is left
/// out.
struct ResourceRecord: Encodable {
  var resource: ResourceStatus

  init(_ resource: ResourceStatus) { self.resource = resource }

  private enum Key: String, CodingKey {
    case name, sort, type, value, length, head, lock, waiters, isSet
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(resource.name, forKey: .name)
    try container.encode(resource.detail.sort.rawValue, forKey: .sort)
    // The keys of a sort with many join those of this object.
    switch resource.detail {
    case .value(let type, let value):
      try container.encode(type, forKey: .type)
      try container.encode(value, forKey: .value)
    case .array(let type, let length, let head):
      try container.encode(type, forKey: .type)
      try container.encode(length, forKey: .length)
      try container.encode(head, forKey: .head)
    case .condition(let lock, let waiters):
      try container.encode(lock, forKey: .lock)
      try container.encode(waiters, forKey: .waiters)
    case .event(let isSet, let waiters):
      try container.encode(isSet, forKey: .isSet)
      try container.encode(waiters, forKey: .waiters)
    case .queue(let queue): try queue.encode(to: encoder)
    case .pipe(let pipe): try pipe.encode(to: encoder)
    case .lock(let lock): try lock.encode(to: encoder)
    case .semaphore(let semaphore): try semaphore.encode(to: encoder)
    case .barrier(let barrier): try barrier.encode(to: encoder)
    case .managed(let object): try object.encode(to: encoder)
    case .pool(let pool): try pool.encode(to: encoder)
    }
  }
}

extension ResourceStatus.Detail {
  /// In the order in which they are shown.
  enum Sort: String, CaseIterable {
    case queue, pipe, value, array, lock, semaphore, condition, event, barrier, managed, pool
  }

  var sort: Sort {
    switch self {
    case .value: .value
    case .array: .array
    case .queue: .queue
    case .pipe: .pipe
    case .lock: .lock
    case .semaphore: .semaphore
    case .condition: .condition
    case .event: .event
    case .barrier: .barrier
    case .managed: .managed
    case .pool: .pool
    }
  }
}
