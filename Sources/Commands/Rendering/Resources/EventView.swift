import Supervisor

extension ResourceStatus.Event: ResourceView {
  static let sort = "event"
  static let columns = ["SET", "WAITING"]

  var cells: [String] {
    [isSet ? "yes" : "no", waiters.names]
  }

  var facts: [(name: String, lines: [String])] {
    [("set", [isSet ? "yes" : "no"]), waiters.fact("waiting")]
  }

  var top: TopResource {
    TopResource(sort: Self.sort, note: isSet ? "set" : "not set", waiters: waiters)
  }
}
