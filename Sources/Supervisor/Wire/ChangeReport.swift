/// What a changed file, or `scale`, means to the processes of a run that lives.
package struct ChangeReport: Codable, Sendable, Equatable {
  /// In the order of the file; those that are gone at the end.
  package var processes: [Entry]
  /// Instances that outlived their grace period.
  package var killed: [String] = []

  package init(processes: [Entry]) { self.processes = processes }

  package struct Entry: Codable, Sendable, Equatable {
    package var process: String
    package var change: Change

    package init(process: String, change: Change) {
      self.process = process
      self.change = change
    }
  }

  package enum Change: Codable, Sendable, Equatable {
    case unchanged
    case added(instances: Int)
    case removed(instances: Int)
    case scaled(from: Int, to: Int)
    /// `keys`: as the file writes them. Not restarted where they are for the supervisor alone.
    case changed(keys: [String], isRestarted: Bool, from: Int, to: Int)
  }

  package var isEmpty: Bool { processes.allSatisfy { $0.change == .unchanged } }
}
