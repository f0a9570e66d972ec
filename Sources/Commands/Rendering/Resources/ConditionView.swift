import Supervisor

extension ResourceStatus.Condition: ResourceView {
  static let sort = "condition"
  static let columns = ["LOCK", "WAITING"]

  var cells: [String] {
    [lock, waiters.names]
  }

  var facts: [(name: String, lines: [String])] {
    [("lock", [lock]), waiters.fact("waiting")]
  }

  var top: TopResource {
    TopResource(sort: Self.sort, note: "with \(lock)", waiters: waiters)
  }
}
