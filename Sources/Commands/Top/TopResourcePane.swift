import Supervisor
import Text

/// The resources, a row each: those that fill up with a bar, the others in words.
struct TopResourcePane {
  enum Column: Hashable {
    case name, sort, bar, level, rateIn, rateOut, lost, note
  }

  private static let none = "-"
  private static let longestName = 24
  /// So full is nearly full.
  private static let highFraction = 0.8

  private let columns: TopColumns<Column>
  /// Who and what it is, before the words.
  private let head: TopColumns<Column>

  /// `all`: that the columns are the same whatever is shown of them.
  init(_ all: [TopSample.Resource], width: Int) {
    let name = min(Self.longestName, max(8, all.map(\.status.name.displayWidth).max() ?? 0), max(8, width / 3))
    let resources = all.map { TopResource($0) }
    let sort = min(max(5, resources.map(\.sort.count).max() ?? 0), 14)
    let level = max(5, resources.compactMap { $0.gauge.map { Self.level($0).count } }.max() ?? 0)
    let first: [TopColumns<Column>.Layout] = [
      .init(column: .name, title: "RESOURCE", width: name, alignment: .left, rank: 0),
      .init(column: .sort, title: "SORT", width: sort, alignment: .left, rank: 4),
    ]
    var gauges: [TopColumns<Column>.Layout] = []
    if resources.contains(where: { $0.gauge != nil }) {
      gauges += [
        .init(column: .bar, title: "FILLED", width: width >= 110 ? 20 : 10, alignment: .left, rank: 3),
        .init(column: .level, title: "", width: level, rank: 1),
      ]
    }
    if resources.contains(where: { $0.lostItems != nil }) {
      gauges += [
        .init(column: .rateIn, title: "IN", width: 8, rank: 6),
        .init(column: .rateOut, title: "OUT", width: 8, rank: 2),
        .init(column: .lost, title: "LOST", width: 6, rank: 5),
      ]
    }
    columns = TopColumns(
      first + gauges, last: .init(column: .note, title: "", width: 8, alignment: .left, rank: 7), width: width)
    head = TopColumns(
      first.filter { [columns] in columns.has($0.column) },
      last: .init(column: .note, title: "", width: 1, alignment: .left, rank: 1), width: width)
  }

  var heading: StyledLine { columns.row { [TextSpan($0.title, .dim)] } }

  func row(_ resource: TopSample.Resource) -> StyledLine {
    let shown = TopResource(resource)
    let row = shown.gauge == nil ? head : columns
    return row.row { layout in
      switch layout.column {
      case .name: [TextSpan(resource.status.name, .bold)]
      case .sort: [TextSpan(shown.sort, .dim)]
      case .bar: shown.gauge.map { TopBar.render($0.fraction, width: layout.width, Self.style($0)) } ?? []
      case .level: [TextSpan(shown.gauge.map(Self.level) ?? "", shown.gauge.map(Self.style) ?? .plain)]
      case .rateIn: [Self.rate(resource.rateIn, of: shown)]
      case .rateOut: [Self.rate(resource.rateOut, of: shown)]
      case .lost: [Self.lost(shown.lostItems)]
      case .note: [TextSpan(shown.note, shown.isWrong ? .coloured(.red) : .plain)]
      }
    }
  }

  private static func level(_ gauge: TopResource.Gauge) -> String { "\(gauge.level)/\(gauge.capacity)" }

  private static func rate(_ rate: Double?, of resource: TopResource) -> TextSpan {
    guard resource.lostItems != nil else { return TextSpan("") }
    return TextSpan(rate.map { Quantity.count($0) + "/s" } ?? none, rate ?? 0 > 0 ? .plain : .dim)
  }

  private static func lost(_ count: UInt64?) -> TextSpan {
    guard let count else { return TextSpan("") }
    return count == 0
      ? TextSpan("0", .dim) : TextSpan(Quantity.count(Double(count)), TextStyle(colour: .red, weight: .bold))
  }

  private static func style(_ gauge: TopResource.Gauge) -> TextStyle {
    .coloured(gauge.fraction >= highFraction ? .yellow : .green)
  }
}
