extension ResourceStatus {
  package struct Queue: Codable, Sendable, Equatable {
    /// Of its items, as the file declares it.
    package var type: String
    /// Items that nobody has taken.
    package var items: Int
    package var bytes: Int
    package var capacity: Int
    package var byteCapacity: Int
    /// Since the start of the run.
    package var puts: UInt64
    package var takes: UInt64
    package var finished: UInt64
    package var droppedNew: UInt64
    package var droppedOld: UInt64
    /// Given up after `max_deliveries`; they are in `deadLetterQueue`, if it has room.
    package var deadLettered: UInt64
    package var deadLetterQueue: String?
    package var redelivered: UInt64
    /// Items put, and finished, a second: of late, or since the run's start. `nil`: it is too early to tell.
    package var rateIn: Double?
    package var rateOut: Double?
    package var onFull: String
    package var isExternal: Bool
    package var isClosed: Bool
    package var liveReaders: Int
    package var liveWriters: Int
    package var leases: [Lease]
    package var waitingReaders: [Party]
    package var waitingWriters: [Party]
    /// The oldest items, as text.
    package var head: [String]
  }

  /// What one reader has taken and not finished.
  package struct Lease: Codable, Sendable, Equatable {
    /// `nil`: nobody has it; it came back, and the next reader gets it.
    package var name: String?
    package var pid: Int32?
    package var items: Int
    /// Since it was taken.
    package var seconds: Double?
  }

  package struct Pipe: Codable, Sendable, Equatable {
    package var isDuplex: Bool
    /// Who writes `fromA`; `nil`: the file gives the end to nobody.
    package var endA: Party?
    /// Who reads `fromA`.
    package var endB: Party?
    package var fromA: Direction
    /// Of a duplex one.
    package var fromB: Direction?
  }

  package struct Direction: Codable, Sendable, Equatable {
    package var messages: UInt64
    package var bytesUnderWay: Int
    package var byteCapacity: Int
    /// Its writer has ended.
    package var isClosed: Bool
    /// Its reader has ended.
    package var isAbandoned: Bool
    /// `seconds` that its reader has waited for a message, its writer for room; `nil`: it does not.
    package var readerWaitSeconds: Double?
    package var writerWaitSeconds: Double?
  }

  package struct Managed: Codable, Sendable, Equatable {
    package var type: String
    /// Process that keeps it.
    package var server: String
    /// `nil`: the server has ended, or was too busy to answer at once.
    package var length: Int?
    /// The first elements, as JSON.
    package var excerpt: String?
  }

  package struct Pool: Codable, Sendable, Equatable {
    package var size: Int
    /// Workers that are at a task.
    package var busy: Int
    /// Requests that nobody has taken, and that are answered; short tasks travel together in one.
    package var waiting: Int
    package var done: UInt64
    /// Requests answered a second, as a queue's.
    package var rate: Double?
    /// What takes down its workers: given up after `max_deliveries`.
    package var givenUp: UInt64
    /// Those that wait for room among the requests.
    package var waitingCallers: [Party]
  }
}
