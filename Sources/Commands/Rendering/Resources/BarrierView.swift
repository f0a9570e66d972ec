import Supervisor

extension ResourceStatus.Barrier: ResourceView {
  static let sort = "barrier"
  static let columns = [">CAME", "WAITING", "MISSING", "BROKEN"]

  var cells: [String] {
    ["\(waiters.count) of \(parties)", waiters.names, missing.names, broken ?? "no"]
  }

  var facts: [(name: String, lines: [String])] {
    [
      ("parties", ["\(parties)"]), waiters.fact("waiting"), missing.fact("missing"), ("broken", [broken ?? "no"]),
    ]
  }

  var top: TopResource {
    var top = TopResource(
      sort: Self.sort, gauge: .init(level: waiters.count, capacity: parties), note: broken ?? "", waiters: waiters)
    top.isWrong = broken != nil
    return top
  }
}
