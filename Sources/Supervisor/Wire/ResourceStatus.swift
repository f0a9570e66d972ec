/// One resource as `inspect` shows it, live.
package struct ResourceStatus: Codable, Sendable, Equatable {
  package var name: String
  package var detail: Detail

  package init(name: String, detail: Detail) {
    self.name = name
    self.detail = detail
  }

  package enum Detail: Codable, Sendable, Equatable {
    case value(Value)
    case array(Array)
    case queue(Queue)
    case pipe(Pipe)
    case lock(Lock)
    case readWriteLock(ReadWriteLock)
    case semaphore(Semaphore)
    case condition(Condition)
    case event(Event)
    case barrier(Barrier)
    case managed(Managed)
    case pool(Pool)
  }

  /// An instance, or a command, that has something to do with a resource.
  package struct Party: Codable, Sendable, Equatable {
    package var name: String
    /// `nil`: it has ended.
    package var pid: Int32?
    /// For how long it has waited, or held.
    package var seconds: Double?

    package init(name: String, pid: Int32?, seconds: Double? = nil) {
      self.name = name
      self.pid = pid
      self.seconds = seconds
    }
  }

  package struct Value: Codable, Sendable, Equatable {
    package var type: String
    package var value: Number

    package init(type: String, value: Number) {
      self.type = type
      self.value = value
    }
  }

  package struct Array: Codable, Sendable, Equatable {
    package var type: String
    package var length: Int
    /// The first elements.
    package var head: [Number]

    package init(type: String, length: Int, head: [Number]) {
      self.type = type
      self.length = length
      self.head = head
    }
  }

  package struct Condition: Codable, Sendable, Equatable {
    package var lock: String
    /// In the order in which they will be notified.
    package var waiters: [Party]

    package init(lock: String, waiters: [Party]) {
      self.lock = lock
      self.waiters = waiters
    }
  }

  package struct Event: Codable, Sendable, Equatable {
    package var isSet: Bool
    package var waiters: [Party]

    package init(isSet: Bool, waiters: [Party]) {
      self.isSet = isSet
      self.waiters = waiters
    }
  }

  package struct Lock: Codable, Sendable, Equatable {
    /// Its `seconds` are since another one first waited for it: it has held the lock for longer.
    package var holder: Party?
    /// How often a recursive one is held.
    package var depth: Int
    package var waiters: [Party]

    package init(holder: Party?, depth: Int, waiters: [Party]) {
      self.holder = holder
      self.depth = depth
      self.waiters = waiters
    }
  }

  package struct ReadWriteLock: Codable, Sendable, Equatable {
    package var writer: Party?
    package var readers: [Party]
    /// In order of coming.
    package var waiters: [Party]

    package init(writer: Party?, readers: [Party], waiters: [Party]) {
      self.writer = writer
      self.readers = readers
      self.waiters = waiters
    }
  }

  package struct Semaphore: Codable, Sendable, Equatable {
    package var count: Int
    package var initial: Int
    package var isBounded: Bool
    /// By instance: counts taken and not given back; of a bounded one.
    package var holders: [String: Int]
    package var waiters: [Party]

    package init(count: Int, initial: Int, isBounded: Bool, holders: [String: Int], waiters: [Party]) {
      self.count = count
      self.initial = initial
      self.isBounded = isBounded
      self.holders = holders
      self.waiters = waiters
    }
  }

  package struct Barrier: Codable, Sendable, Equatable {
    package var parties: Int
    package var waiters: [Party]
    /// Those that may still come: more, where more use it than it has parties.
    package var missing: [Party]
    /// Why, in words.
    package var broken: String?

    package init(parties: Int, waiters: [Party], missing: [Party], broken: String?) {
      self.parties = parties
      self.waiters = waiters
      self.missing = missing
      self.broken = broken
    }
  }

  /// A number of any type, exact; in JSON just the number.
  package enum Number: Sendable, Hashable {
    case bool(Bool)
    case int(Int64)
    case unsigned(UInt64)
    case float(Double)
  }
}

extension ResourceStatus.Number: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .int(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? container.decode(Double.self) {
      self = .float(value)
    } else {
      // JSON has no number for these; see `encode`.
      self = .float(Double(try container.decode(String.self)) ?? .nan)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    case .float(let value) where value.isFinite: try container.encode(value)
    case .float(let value): try container.encode("\(value)")
    }
  }
}

extension ResourceStatus.Number: CustomStringConvertible {
  package var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .float(let value): "\(value)"
    }
  }
}
