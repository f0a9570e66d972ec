import Supervisor

extension ResourceStatus.Value: ResourceView {
  static let sort = "value"
  static let columns = ["TYPE", "VALUE"]

  var cells: [String] {
    [type, "\(value)"]
  }

  var title: String { "value of type \(type)" }

  var facts: [(name: String, lines: [String])] {
    [("value", ["\(value)"])]
  }

  var top: TopResource {
    TopResource(sort: type, note: "\(value)")
  }
}
