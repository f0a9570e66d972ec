/// A section of the file that declares resources.
enum ResourceSection: String, CaseIterable, Sendable {
  case values, arrays, queues, pipes, locks, semaphores, conditions, events, barriers, managed, pools

  /// One of its resources, with its article.
  var nounWithArticle: String {
    switch self {
    case .arrays, .events: "an \(noun)"
    default: "a \(noun)"
    }
  }

  var noun: String { self == .managed ? "managed object" : String(rawValue.dropLast()) }

  /// All defaults will do, so that a list of names will.
  var allowsNames: Bool {
    switch self {
    case .queues, .pipes, .locks, .semaphores, .events: true
    case .values, .arrays, .conditions, .barriers, .managed, .pools: false
    }
  }

  /// What else than a map may stand after a resource's name.
  var shortShape: ValueShape? {
    switch self {
    case .values: .word(ElementType.allCases.map(\.rawValue))
    case .arrays: .pattern(#"^(bool|u?int(8|16|32|64)|float(32|64))\[[0-9]+\]$"#)
    case .queues: QueueKey.capacity.entry.shape
    case .pipes: .word(["duplex", "simplex"])
    case .locks, .pools: nil
    case .semaphores: SemaphoreKey.initial.entry.shape
    case .conditions: .name
    case .events: .boolean
    case .barriers: BarrierKey.parties.entry.shape
    case .managed: ManagedKey.type.entry.shape
    }
  }

  /// The short form in words and with an example, for the help of a diagnostic.
  var shortForm: String? {
    switch self {
    case .values: "the type, as in 'total: int64'"
    case .arrays: "the type and length, as in 'squares: int32[4]'"
    case .queues: "the capacity, as in 'lines: 1024'"
    case .pipes: "'duplex' or 'simplex'"
    case .locks, .pools: nil
    case .semaphores: "the initial count, as in 'slots: 4'"
    case .conditions: "the lock, as in 'changed: ledger'"
    case .events: "'true' or 'false'"
    case .barriers: "the number of parties, as in 'round: 4'"
    case .managed: "the type, as in 'records: list'"
    }
  }

  var longShape: ValueShape {
    switch self {
    case .values: .keys(ValueKey.self)
    case .arrays: .keys(ArrayKey.self)
    case .queues: .keys(QueueKey.self)
    case .pipes: .keys(PipeKey.self)
    case .locks: .keys(LockKey.self)
    case .semaphores: .keys(SemaphoreKey.self)
    case .conditions: .keys(ConditionKey.self)
    case .events: .keys(EventKey.self)
    case .barriers: .keys(BarrierKey.self)
    case .managed: .keys(ManagedKey.self)
    case .pools: .keys(PoolKey.self)
    }
  }

  /// All of the section.
  var shape: ValueShape {
    let one = ValueShape.oneOf([shortShape, longShape, allowsNames ? .nothing : nil].compactMap { $0 })
    return allowsNames ? .oneOf([.list(of: .name), .map(of: one)]) : .map(of: one)
  }

  var summary: String {
    switch self {
    case .values: "Single numbers in shared memory, by name."
    case .arrays: "Arrays of numbers in shared memory, by name."
    case .queues: "Bounded queues: many writers, readers that share the items."
    case .pipes: "Message pipes between two process instances."
    case .locks: "Mutual exclusion; freed when the holder dies."
    case .semaphores: "Counts to take and give back."
    case .conditions: "Condition variables, each with its lock."
    case .events: "Flags to wait for."
    case .barriers: "Points at which a number of instances wait for one another."
    case .managed: "Lists, dicts and namespaces kept by a server process."
    case .pools: "Workers that run tasks on call."
    }
  }
}
