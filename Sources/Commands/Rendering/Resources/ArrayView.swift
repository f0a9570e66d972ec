import Supervisor

extension ResourceStatus.Array: ResourceView {
  static let sort = "array"
  static let columns = ["TYPE", ">LENGTH", "ELEMENTS"]

  var cells: [String] {
    [type, "\(length)", elements]
  }

  var title: String { "array \(type)[\(length)]" }

  var facts: [(name: String, lines: [String])] {
    [("elements", [elements])]
  }

  var top: TopResource {
    TopResource(
      sort: "\(type)[\(length)]",
      note: "[" + head.map { "\($0)" }.joined(separator: ", ") + (head.count < length ? ", …]" : "]"))
  }

  private var elements: String {
    "[" + head.map { "\($0)" }.joined(separator: ", ") + (head.count < length ? (head.isEmpty ? "…]" : ", …]") : "]")
  }
}
