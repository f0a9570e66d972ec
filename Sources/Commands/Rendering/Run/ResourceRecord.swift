import Supervisor

/// A live resource for a program: one flat object, with the keys of its sort.
struct ResourceRecord: Encodable {
  var resource: ResourceStatus

  init(_ resource: ResourceStatus) { self.resource = resource }

  private enum Key: String, CodingKey {
    case name, sort, type, value, length, head, fromA, fromB, holder, depth, waiters
    case lock, isSet, parties, broken
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(resource.name, forKey: .name)
    switch resource.detail {
    case .value(let type, let value):
      try container.encode("value", forKey: .sort)
      try container.encode(type, forKey: .type)
      try container.encode(value, forKey: .value)
    case .array(let type, let length, let head):
      try container.encode("array", forKey: .sort)
      try container.encode(type, forKey: .type)
      try container.encode(length, forKey: .length)
      try container.encode(head, forKey: .head)
    case .queue(let queue):
      try container.encode("queue", forKey: .sort)
      // Its keys join those of this object.
      try queue.encode(to: encoder)
    case .pipe(let fromA, let fromB):
      try container.encode("pipe", forKey: .sort)
      try container.encode(fromA, forKey: .fromA)
      try container.encode(fromB, forKey: .fromB)
    case .lock(let holder, let depth, let waiters):
      try container.encode("lock", forKey: .sort)
      try container.encode(holder, forKey: .holder)
      try container.encode(depth, forKey: .depth)
      try container.encode(waiters, forKey: .waiters)
    case .semaphore(let semaphore):
      try container.encode("semaphore", forKey: .sort)
      // Its keys join those of this object.
      try semaphore.encode(to: encoder)
    case .condition(let lock, let waiters):
      try container.encode("condition", forKey: .sort)
      try container.encode(lock, forKey: .lock)
      try container.encode(waiters, forKey: .waiters)
    case .event(let isSet, let waiters):
      try container.encode("event", forKey: .sort)
      try container.encode(isSet, forKey: .isSet)
      try container.encode(waiters, forKey: .waiters)
    case .barrier(let parties, let waiters, let broken):
      try container.encode("barrier", forKey: .sort)
      try container.encode(parties, forKey: .parties)
      try container.encode(waiters, forKey: .waiters)
      try container.encode(broken, forKey: .broken)
    }
  }
}
