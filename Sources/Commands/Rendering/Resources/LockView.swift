import Supervisor
import Text

extension ResourceStatus.Lock: ResourceView {
  static let sort = "lock"
  static let columns = ["HOLDER", "WAITING"]

  var cells: [String] {
    [holder?.name ?? ResourceWords.none, waiters.names]
  }

  var facts: [(name: String, lines: [String])] {
    guard let holder else { return [("holder", ["none"]), waiters.fact("waiting")] }
    let pid = holder.pid.map { " (pid \($0))" } ?? ""
    var words = holder.name + pid + (depth > 1 ? ", \(depth) times" : "")
    if let seconds = holder.seconds { words += ", for more than \(Quantity.duration(seconds: seconds))" }
    return [("holder", [words]), waiters.fact("waiting")]
  }

  var top: TopResource {
    TopResource(sort: Self.sort, note: holder.map { "held by \($0.name)" } ?? "free", waiters: waiters)
  }
}
