/// How a run ended: the last frame to an attached client, the answer to `wait` and `down`.
package struct RunResult: Codable, Sendable, Equatable {
  /// What `mporch up` exits with.
  package var exitCode: Int32
  package var instances: [InstanceSummary]
  /// Instances that outlived their grace period.
  package var killed: [String]
  package var losses: RunLosses

  package init(exitCode: Int32, instances: [InstanceSummary], killed: [String], losses: RunLosses = RunLosses()) {
    self.exitCode = exitCode
    self.instances = instances
    self.killed = killed
    self.losses = losses
  }
}

/// One line of `--summary`.
package struct InstanceSummary: Codable, Sendable, Equatable {
  package var name: String
  package var process: String
  package var replica: Int
  package var state: InstanceStatus.State
  package var restarts: Int
  /// Of its last life: exit code, or else the signal that ended it.
  package var exit: Int32?
  package var signal: Int32?
  /// Of all its lives.
  package var wallSeconds: Double
  package var cpuSeconds: Double
  package var itemsIn: UInt64
  package var itemsOut: UInt64
  package var bytesIn: UInt64
  package var bytesOut: UInt64
  /// With its commands, in all its lives.
  package var lost: ItemLoss?
  /// For one that failed: why, in a line for people (`exited with code 3`, `was ended by signal 9 (SIGKILL)`).
  package var reason: String?

  package init(name: String, process: String, replica: Int, state: InstanceStatus.State) {
    self.name = name
    self.process = process
    self.replica = replica
    self.state = state
    self.restarts = 0
    self.wallSeconds = 0
    self.cpuSeconds = 0
    self.itemsIn = 0
    self.itemsOut = 0
    self.bytesIn = 0
    self.bytesOut = 0
  }
}
