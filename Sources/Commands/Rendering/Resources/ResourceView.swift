import Supervisor
import Text

/// How one sort of live resource is shown. A new sort is a type of this kind, in a file of its own, listed in `all` and
/// in `ResourceStatus.Detail.view`. As `Encodable` it gives the keys of its object for programs.
protocol ResourceView: Encodable {
  /// As headings and programs call it.
  static var sort: String { get }
  /// Of the table of all of the sort; `>` before a title: to the right.
  static var columns: [String] { get }

  var cells: [String] { get }
  /// What it is, with what its declaration says.
  var title: String { get }
  /// All that is known of it: lines, each group below one name.
  var facts: [(name: String, lines: [String])] { get }
  var top: TopResource { get }
}

extension ResourceView {
  var title: String { Self.sort }
}

enum ResourceViews {
  /// In the order in which they are shown.
  static var all: [any ResourceView.Type] {
    [
      ResourceStatus.Queue.self, ResourceStatus.Pipe.self, ResourceStatus.Value.self, ResourceStatus.Array.self,
      ResourceStatus.Lock.self, ResourceStatus.ReadWriteLock.self, ResourceStatus.Semaphore.self,
      ResourceStatus.Condition.self,
      ResourceStatus.Event.self, ResourceStatus.Barrier.self, ResourceStatus.Managed.self, ResourceStatus.Pool.self,
    ]
  }

  // MARK: For people

  /// A table for each sort, a line for each resource.
  static func tables(_ resources: [ResourceStatus], width: Int?) -> String {
    all.compactMap { sort in
      let rows = resources.filter { type(of: $0.detail.view) == sort }.map { [$0.name] + $0.detail.view.cells }
      return rows.isEmpty ? nil : Table(columns: columns(of: sort), rows: rows).render(width: width)
    }.joined(separator: "\n")
  }

  private static func columns(of sort: any ResourceView.Type) -> [Table.Column] {
    let columns = sort.columns.map { name in
      name.hasPrefix(">") ? Table.Column(title: String(name.dropFirst()), alignment: .right) : .init(title: name)
    }
    var all = [Table.Column(title: sort.sort.uppercased())] + columns
    if all[all.count - 1].alignment == .left { all[all.count - 1].canShrink = true }
    return all
  }

  /// All that is known of one, a fact a line.
  static func page(_ resource: ResourceStatus) -> String {
    let facts = [(name: "sort", lines: [resource.detail.view.title])] + resource.detail.view.facts
    let width = facts.map(\.name.count).reduce(0, max) + 2
    let lines = facts.flatMap { name, values in
      values.enumerated().map { index, value in
        let name = index == 0 ? name : ""
        return "  " + name + String(repeating: " ", count: width - name.count) + value + "\n"
      }
    }
    return resource.name + "\n" + lines.joined()
  }
}

extension ResourceStatus.Detail {
  var view: any ResourceView {
    switch self {
    case .value(let value): value
    case .array(let array): array
    case .queue(let queue): queue
    case .pipe(let pipe): pipe
    case .lock(let lock): lock
    case .readWriteLock(let lock): lock
    case .semaphore(let semaphore): semaphore
    case .condition(let condition): condition
    case .event(let event): event
    case .barrier(let barrier): barrier
    case .managed(let object): object
    case .pool(let pool): pool
    }
  }
}

/// A live resource for a program: one flat object, with the keys of its sort. What there is nothing to tell of is left
/// out.
struct ResourceRecord: Encodable {
  var resource: ResourceStatus

  init(_ resource: ResourceStatus) { self.resource = resource }

  private enum Key: String, CodingKey {
    case name, sort
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(resource.name, forKey: .name)
    try container.encode(type(of: resource.detail.view).sort, forKey: .sort)
    // The keys of the sort join those of this object.
    try resource.detail.view.encode(to: encoder)
  }
}

extension [ResourceStatus.Party] {
  /// As a cell.
  var names: String { isEmpty ? ResourceWords.none : map(\.name).joined(separator: ", ") }

  /// As a fact.
  func fact(_ name: String) -> (name: String, lines: [String]) { (name, isEmpty ? ["none"] : map(\.words)) }
}

extension ResourceStatus.Party {
  /// `count-1 (pid 4711, for 3.20s)`
  var words: String {
    let facts = [pid.map { "pid \($0)" }, seconds.map { "for " + Quantity.duration(seconds: $0) }]
    let known = facts.compactMap(\.self)
    return known.isEmpty ? name : "\(name) (\(known.joined(separator: ", ")))"
  }
}

enum ResourceWords {
  static let none = "-"

  static func rate(_ rate: Double?) -> String { rate.map { Quantity.count($0) + "/s" } ?? none }
}
