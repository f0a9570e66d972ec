import Supervisor
import Text

/// What a run was at one time, with the rates since the time before.
struct TopSample: Equatable {
  struct Process: Equatable {
    var status: InstanceStatus
    /// Of one processor, of late; `nil`: it is too early to tell.
    var processorShare: Double?
  }

  struct Resource: Equatable {
    var status: ResourceStatus
    /// Items a second, of late; `nil`: it is too early to tell, or it has none.
    var rateIn: Double?
    var rateOut: Double?
  }

  /// CLOCK_MONOTONIC, nanoseconds.
  var time: UInt64
  var processes: [Process]
  var resources: [Resource]

  init(_ instances: [InstanceStatus], _ resources: [ResourceStatus], time: UInt64, after earlier: TopSample?) {
    self.time = time
    let span = earlier.map { Double(time - $0.time) / 1e9 } ?? 0
    let before = Dictionary(earlier?.processes.map { ($0.status.name, $0) } ?? []) { $1 }
    processes = instances.map { Process($0, after: before[$0.name], seconds: span) }
    let resourcesBefore = Dictionary(earlier?.resources.map { ($0.status.name, $0) } ?? []) { $1 }
    self.resources = resources.map { Resource($0, after: resourcesBefore[$0.name], seconds: span) }
  }
}

extension TopSample.Process {
  fileprivate init(_ status: InstanceStatus, after earlier: Self?, seconds: Double) {
    self.status = status
    guard status.pid != nil, let now = status.cpuSeconds else { return }
    processorShare = growth(from: earlier?.status.cpuSeconds, to: now, in: seconds)
  }
}

extension TopSample.Resource {
  fileprivate init(_ status: ResourceStatus, after earlier: Self?, seconds: Double) {
    self.status = status
    guard case .queue(let now) = status.detail, case .queue(let before)? = earlier?.status.detail else { return }
    rateIn = growth(from: Double(before.puts), to: Double(now.puts), in: seconds)
    rateOut = growth(from: Double(before.finished), to: Double(now.finished), in: seconds)
  }
}

/// A second.
private func growth(from earlier: Double?, to now: Double, in seconds: Double) -> Double? {
  guard let earlier, seconds > 0 else { return nil }
  return max(0, now - earlier) / seconds
}

/// What the page shows of a resource: how full it is, what gets lost, who holds it and who waits.
struct TopResource: Equatable {
  struct Gauge: Equatable {
    var level: Int
    var capacity: Int

    var fraction: Double { min(1, max(0, Double(level) / Double(max(1, capacity)))) }
  }

  var sort: String
  /// `nil`: nothing fills up.
  var gauge: Gauge?
  /// Items dropped or given up; `nil`: it has no items.
  var lostItems: UInt64?
  var note: String
  /// Something is lost, or does not work.
  var isWrong = false
}

extension TopResource {
  init(_ resource: TopSample.Resource) { self = resource.status.detail.view.top }

  init(sort: String, gauge: Gauge? = nil, note: String, waiters: [ResourceStatus.Party]) {
    let awaited = waiters.isEmpty ? "" : (note.isEmpty ? "" : ", ") + "awaited by " + waiters.names
    self.init(sort: sort, gauge: gauge, note: note + awaited)
  }
}
