import Supervisor

extension ResourceStatus.ReadWriteLock: ResourceView {
  static let sort = "rwlock"
  static let columns = ["WRITER", "READERS", "WAITING"]

  var cells: [String] { [writer?.name ?? ResourceWords.none, readers.names, waiters.names] }

  var title: String { "read-write lock" }

  var facts: [(name: String, lines: [String])] {
    [("writer", [writer?.words ?? "none"]), readers.fact("readers"), waiters.fact("waiting")]
  }

  var top: TopResource {
    let holders = (writer.map { [$0] } ?? readers).names
    let note = writer != nil ? "written by \(holders)" : readers.isEmpty ? "free" : "read by \(holders)"
    return TopResource(sort: Self.sort, note: note, waiters: waiters)
  }
}
