import Supervisor

extension ResourceStatus.Pool: ResourceView {
  static let sort = "pool"
  static let columns = [">SIZE", ">BUSY", ">WAITING", ">DONE", ">RATE", ">GIVEN-UP"]

  var cells: [String] {
    ["\(size)", "\(busy)", "\(waiting)", "\(done)", ResourceWords.rate(rate), "\(givenUp)"]
  }

  var facts: [(name: String, lines: [String])] {
    [
      ("workers", ["\(busy) of \(size) at work"]), ("waiting", ["\(waiting) requests"]),
      ("done", ["\(done) requests, \(ResourceWords.rate(rate))"]), ("given up", ["\(givenUp)"]),
      waitingCallers.fact("callers waiting"),
    ]
  }

  var top: TopResource {
    TopResource(
      sort: Self.sort, gauge: .init(level: busy, capacity: size), lostItems: givenUp,
      note: "\(waiting) waiting, \(done) done", isWrong: givenUp > 0)
  }
}
