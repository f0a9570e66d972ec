/// One resource as `inspect` shows it, live.
package struct ResourceStatus: Codable, Sendable, Equatable {
  package var name: String
  package var detail: Detail

  package init(name: String, detail: Detail) {
    self.name = name
    self.detail = detail
  }

  package enum Detail: Codable, Sendable, Equatable {
    case value(type: String, value: Number)
    /// `head`: the first elements.
    case array(type: String, length: Int, head: [Number])
    case queue(Queue)
    case pipe(fromA: Direction, fromB: Direction?)
    /// `holder`, `waiters`: instances; `depth`: how often a recursive one is held.
    case lock(holder: String?, depth: Int, waiters: [String])
    case semaphore(Semaphore)
    /// `waiters`: in the order in which they will be notified.
    case condition(lock: String, waiters: [String])
    case event(isSet: Bool, waiters: [String])
    /// `broken`: why, in words.
    case barrier(parties: Int, waiters: [String], broken: String?)
  }

  package struct Semaphore: Codable, Sendable, Equatable {
    package var count: Int
    package var initial: Int
    package var isBounded: Bool
    /// By instance: counts taken and not given back; of a bounded one.
    package var holders: [String: Int]
    package var waiters: [String]

    package init(count: Int, initial: Int, isBounded: Bool, holders: [String: Int], waiters: [String]) {
      self.count = count
      self.initial = initial
      self.isBounded = isBounded
      self.holders = holders
      self.waiters = waiters
    }
  }

  package struct Queue: Codable, Sendable, Equatable {
    package var items: Int
    package var bytes: Int
    package var capacity: Int
    package var byteCapacity: Int
    package var puts: UInt64
    package var takes: UInt64
    package var finished: UInt64
    package var droppedNew: UInt64
    package var droppedOld: UInt64
    package var deadLettered: UInt64
    package var redelivered: UInt64
    /// Items finished a second since the last look at it, or since the run's start.
    package var rate: Double
    package var isClosed: Bool
    package var liveReaders: Int
    package var liveWriters: Int
    /// By instance: items taken and not finished.
    package var unfinished: [String: Int]
    /// The oldest items, as text.
    package var head: [String]
  }

  package struct Direction: Codable, Sendable, Equatable {
    package var messages: UInt64
    package var bytesUnderWay: Int
    package var isClosed: Bool
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
