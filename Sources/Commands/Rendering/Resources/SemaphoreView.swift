import Supervisor

extension ResourceStatus.Semaphore: ResourceView {
  static let sort = "semaphore"
  static let columns = [">COUNT", "HOLDERS", "WAITING"]

  var cells: [String] {
    [countWords, holderWords ?? ResourceWords.none, waiters.names]
  }

  var title: String { isBounded ? "bounded semaphore" : "unbounded semaphore" }

  var facts: [(name: String, lines: [String])] {
    [
      ("count", [countWords]), ("holders", [holderWords ?? ResourceWords.none]), waiters.fact("waiting"),
    ]
  }

  var top: TopResource {
    TopResource(
      sort: Self.sort, gauge: isBounded ? .init(level: initial - count, capacity: initial) : nil,
      note: isBounded ? holderWords.map { "held by " + $0 } ?? "" : "\(count)", waiters: waiters)
  }

  private var countWords: String { isBounded ? "\(count) of \(initial)" : "\(count)" }

  private var holderWords: String? {
    let holders = holders.sorted { $0.key < $1.key }.map { $1 == 1 ? $0 : "\($0) (\($1))" }
    return holders.isEmpty ? nil : holders.joined(separator: ", ")
  }
}
