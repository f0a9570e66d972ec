import Supervisor
import Text

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
