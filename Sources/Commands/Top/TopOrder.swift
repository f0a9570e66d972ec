import Supervisor

/// In which order the processes are listed, each by a key.
enum TopOrder: Character, CaseIterable {
  case file = "F"
  case name = "N"
  case state = "S"
  case processor = "C"
  case memory = "M"
  case itemsIn = "I"
  case itemsOut = "O"
  case rate = "R"

  var words: String {
    switch self {
    case .file: "as in the file"
    case .name: "by name"
    case .state: "by state, what went wrong first"
    case .processor: "by CPU"
    case .memory: "by memory"
    case .itemsIn: "by items in"
    case .itemsOut: "by items out"
    case .rate: "by rate"
    }
  }

  /// Equal ones stay as in the file.
  func sort(_ processes: [TopSample.Process], isReversed: Bool) -> [TopSample.Process] {
    let sorted = processes.enumerated().sorted { one, other in
      let isBefore = comesBefore(one.element, other.element)
      let isAfter = comesBefore(other.element, one.element)
      return isBefore == isAfter ? one.offset < other.offset : isBefore
    }.map(\.element)
    return isReversed ? sorted.reversed() : sorted
  }

  /// The most first, where it is about how much.
  private func comesBefore(_ one: TopSample.Process, _ other: TopSample.Process) -> Bool {
    switch self {
    case .file: false
    case .name: one.status.name < other.status.name
    case .state: Self.urgency(one.status.state) < Self.urgency(other.status.state)
    case .processor: one.processorShare ?? -1 > other.processorShare ?? -1
    case .memory: one.status.rssBytes ?? 0 > other.status.rssBytes ?? 0
    case .itemsIn: one.status.itemsIn > other.status.itemsIn
    case .itemsOut: one.status.itemsOut > other.status.itemsOut
    case .rate: one.status.rate ?? -1 > other.status.rate ?? -1
    }
  }

  private static func urgency(_ state: InstanceStatus.State) -> Int {
    switch state {
    case .failed: 0
    case .neverStarted: 1
    case .restarting: 2
    case .stopping: 3
    case .pending: 4
    case .stopped: 5
    case .running: 6
    case .succeeded: 7
    }
  }
}
