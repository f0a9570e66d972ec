/// One row of `ps`; its JSON is that of `ps --format json`.
package struct InstanceStatus: Codable, Sendable, Equatable {
  package var name: String
  package var process: String
  package var replica: Int
  package var pid: Int32?
  package var state: State
  package var health: Health?
  package var restarts: Int
  /// Of its last life: exit code, or else the signal that ended it.
  package var exit: Int32?
  package var signal: Int32?
  package var cpuSeconds: Double?
  package var rssBytes: UInt64?
  package var itemsIn: UInt64
  package var itemsOut: UInt64
  /// With its commands.
  package var lost: ItemLoss?
  /// Items a second that it takes, or puts where it takes none: since the last look at it, or over its life; `nil`
  /// where it has just started.
  package var rate: Double?
  package var progress: Progress?
  /// `get lines`, `put counts`, `lock ledger`, `timer`, `stdin`; for one not yet started what it depends on.
  package var waitingOn: String?

  package init(name: String, process: String, replica: Int, state: State) {
    self.name = name
    self.process = process
    self.replica = replica
    self.state = state
    self.restarts = 0
    self.itemsIn = 0
    self.itemsOut = 0
  }

  enum CodingKeys: String, CodingKey {
    case name, process, replica, pid, state, health, restarts, exit, signal, cpuSeconds, rssBytes
    case itemsIn = "in"
    case itemsOut = "out"
    case lost, rate, progress, waitingOn
  }

  package enum State: String, Codable, Sendable, Hashable {
    /// Waits for what it depends on.
    case pending
    case running, stopping
    /// Has failed, or ended, and will be started again after its pause.
    case restarting
    case succeeded, failed
    /// By a command; may be started again.
    case stopped
    /// What it depends on has failed.
    case neverStarted = "never-started"
  }

  package enum Health: String, Codable, Sendable, Hashable {
    case starting, healthy, unhealthy
  }

  package struct Progress: Codable, Sendable, Equatable {
    package var done: UInt64
    /// At least 1.
    package var total: UInt64

    package init(done: UInt64, total: UInt64) {
      self.done = done
      self.total = total
    }
  }
}
