internal import Limits

// The keys of each resource's long form.

private let elementTypes = ValueShape.word(ElementType.allCases.map(\.rawValue))
private let itemTypes = ValueShape.word(["any", "string", "bytes"] + ElementType.allCases.map(\.rawValue))

enum ValueKey: String, KeyTable {
  case type, initial

  var entry: KeyEntry {
    switch self {
    case .type: KeyEntry(elementTypes, required: true, "Type of the number.")
    case .initial: KeyEntry(.oneOf([.integer(Int.min...Int.max), .pattern("."), .boolean]), "First value; else zero.")
    }
  }
}

enum ArrayKey: String, KeyTable {
  case type, length, initial

  var entry: KeyEntry {
    switch self {
    case .type: KeyEntry(elementTypes, required: true, "Type of the elements.")
    case .length: KeyEntry(.integer(Limit.arrayLength), "Number of elements; or give 'initial'.")
    case .initial: KeyEntry(.list(of: ValueKey.initial.entry.shape), "First elements; else zeroes.")
    }
  }
}

enum QueueKey: String, KeyTable {
  case capacity, bytes, type
  case onFull = "on_full"
  case maxDeliveries = "max_deliveries"
  case deadLetter = "dead_letter"
  case external

  var entry: KeyEntry {
    switch self {
    case .capacity: KeyEntry(.integer(Limit.count), default: "1024", "Most items that it holds.")
    case .bytes:
      KeyEntry(.size(Limit.byteCount), default: "1MiB", "Most bytes that it holds, and so the largest item.")
    case .type: KeyEntry(itemTypes, default: "any", "Type of the items.")
    case .onFull:
      KeyEntry(.word(Resource.WhenFull.allCases.map(\.rawValue)), default: "block", "What a put to a full queue does.")
    case .maxDeliveries:
      KeyEntry(.integer(Limit.count), default: "5", "Deliveries of an item in all before it is given up.")
    case .deadLetter: KeyEntry(.name, "Queue that takes the items that were given up.")
    case .external:
      KeyEntry(.boolean, default: "false", "Commands take part too, so that it never ends by itself.")
    }
  }
}

enum PipeKey: String, KeyTable {
  case duplex, bytes, type

  var entry: KeyEntry {
    switch self {
    case .duplex: KeyEntry(.boolean, default: "true", "Messages go both ways.")
    case .bytes:
      KeyEntry(
        .size(Limit.byteCount), default: "64KiB", "Most bytes under way in one direction, and so the largest message.")
    case .type: KeyEntry(itemTypes, default: "any", "Type of the messages.")
    }
  }
}

enum LockKey: String, KeyTable {
  case recursive

  var entry: KeyEntry {
    KeyEntry(.boolean, default: "false", "Its holder may take it again, and releases it as often.")
  }
}

enum SemaphoreKey: String, KeyTable {
  case initial, bounded

  var entry: KeyEntry {
    switch self {
    case .initial: KeyEntry(.integer(0...Limit.semaphoreCount.upperBound), default: "1", "Count at the start.")
    case .bounded:
      KeyEntry(.boolean, default: "true", "Counts belong to their takers and never rise over 'initial'.")
    }
  }
}

enum ConditionKey: String, KeyTable {
  case lock

  var entry: KeyEntry { KeyEntry(.name, required: true, "Lock that its waiters hold.") }
}

enum EventKey: String, KeyTable {
  case initial

  var entry: KeyEntry { KeyEntry(.boolean, default: "false", "Set at the start.") }
}

enum BarrierKey: String, KeyTable {
  case parties

  var entry: KeyEntry { KeyEntry(.integer(Limit.count), required: true, "Instances that wait for one another.") }
}

enum ManagedKey: String, KeyTable {
  case type, initial

  var entry: KeyEntry {
    switch self {
    case .type: KeyEntry(.word(Resource.ManagedType.allCases.map(\.rawValue)), required: true, "What it is.")
    case .initial: KeyEntry(.oneOf([.list(of: .any), .map(of: .any)]), "Content at the start; else empty.")
    }
  }
}

enum PoolKey: String, KeyTable {
  case size, task, script, with, use
  case maxTasksPerWorker = "max_tasks_per_worker"
  case maxDeliveries = "max_deliveries"

  var entry: KeyEntry {
    switch self {
    case .size: KeyEntry(.integer(Limit.replicas), "Workers; by default as many as processors.")
    case .task: KeyEntry(.kind, "Kind, one that answers item by item, that is called with each task.")
    case .script: KeyEntry(.text, "Lua chunk that returns the function called with each task.")
    case .with: KeyEntry(.map(of: .any), "Parameters of the kind, or 'args' of the script.")
    case .use: ProcessKey.use.entry
    case .maxTasksPerWorker:
      KeyEntry(
        .oneOf([.integer(Limit.count), .word(["none"])]), default: "none", "Tasks after which a worker is renewed.")
    case .maxDeliveries:
      KeyEntry(.integer(Limit.count), default: "5", "Runs of a task in all before it fails by name.")
    }
  }
}
