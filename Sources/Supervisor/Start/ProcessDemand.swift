internal import Platform
internal import Text
internal import Topology

/// What a topology's processes take beside the shared memory, against what the system allows. Looked at before anyone
/// has started: a run of which half is there helps nobody.
struct ProcessDemand {
  /// A worker's own pages, page tables and kernel stack: 0.3 MiB were measured of one that only moves items.
  static let byteCountOfEach = 512 << 10
  /// Its two output pipes and its log file.
  static let descriptorsOfEach = 3
  /// The pipes of a test, or of a search for a line.
  static let descriptorsOfCheck = 2
  /// The supervisor's own: the loop, the control socket and its clients, a fork under way.
  static let ownDescriptors = 64
  /// The warden, and a command's fork under way.
  static let ownProcesses = 8

  let instanceCount: Int
  /// A command has its pump above it, and beside that one process for its input and one for its output.
  private let processCount: Int
  /// Instances with a health check.
  private let checkCount: Int
  /// That has most instances; `nil`: there is none.
  private let largest: ProcessDeclaration?

  init(_ topology: Topology) {
    instanceCount = topology.processes.map(\.replicas).reduce(0, +)
    processCount = topology.processes.map { $0.replicas * $0.processesOfEach }.reduce(0, +)
    checkCount = topology.processes.filter(\.hasHealthCheck).map(\.replicas).reduce(0, +)
    largest = topology.processes.max { $0.replicas < $1.replicas }
  }

  var byteCount: Int { instanceCount * Self.byteCountOfEach }

  func check(
    descriptorLimit: Int = ResourceLimits.largestDescriptorCount,
    furtherProcesses: (count: Int, limit: String)? = ResourceLimits.furtherProcesses()
  ) throws(Refusal) {
    let descriptors =
      Self.ownDescriptors + instanceCount * Self.descriptorsOfEach + checkCount * Self.descriptorsOfCheck
    if descriptors > descriptorLimit {
      throw refusal(
        "\(descriptors) open files, \(Self.descriptorsOfEach) for each of its \(instanceCount) processes\(wordsForChecks); "
          + "the limit is \(descriptorLimit)",
        remedy: "raise it before 'mporch up' (ulimit -Hn \(descriptors), or nofile in limits.conf)")
    }
    if let furtherProcesses, processCount + Self.ownProcesses > furtherProcesses.count {
      throw refusal(
        "\(processCount + Self.ownProcesses) processes; \(furtherProcesses.limit) allows \(furtherProcesses.count) more",
        remedy: "raise that limit")
    }
  }

  private var wordsForChecks: String {
    checkCount == 0 ? "" : " and \(Self.descriptorsOfCheck) for each of its \(checkCount) health checks"
  }

  func memoryRefusal(available: UInt64) -> Refusal {
    refusal(
      "\(Quantity.bytes(UInt64(byteCount))) of memory for its \(instanceCount) processes; "
        + "\(Quantity.bytes(available)) are available",
      remedy: "free some")
  }

  private func refusal(_ need: String, remedy: String) -> Refusal {
    guard let largest else { return Refusal("the topology needs \(need)", help: remedy, exitCode: 69) }
    return Refusal(
      "\(largest.place): error: the topology needs \(need)",
      help:
        "\(remedy), or start fewer: '\(largest.name)' (line \(largest.place.line)) has \(largest.replicas) replicas",
      exitCode: 69)
  }
}

extension ProcessDeclaration {
  fileprivate var processesOfEach: Int {
    let tests = hasHealthCheck ? 1 : 0
    guard case .command = work else { return 1 + tests }
    return 2 + tests + (inputs.isEmpty ? 0 : 1) + (outputs.isEmpty ? 0 : 1)
  }
}
