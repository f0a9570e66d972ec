import Supervisor
import Text

/// The processes, a row each.
struct TopProcessPane {
  enum Column: Hashable {
    case name, pid, state, health, restarts, processor, memory, itemsIn, itemsOut, rate, progress, waitingOn
  }

  private static let none = "-"
  private static let longestName = 24
  private static let barWidth = 8

  private let columns: TopColumns<Column>
  private let order: TopOrder
  private let isReversed: Bool

  /// `all`: that the columns are the same whatever is shown of them.
  init(_ all: [TopSample.Process], order: TopOrder, isReversed: Bool, width: Int) {
    self.order = order
    self.isReversed = isReversed
    let statuses = all.map(\.status)
    let name = min(Self.longestName, max(8, statuses.map(\.name.displayWidth).max() ?? 0), max(8, width / 3))
    let state = max(8, statuses.map(\.state.rawValue.count).max() ?? 0)
    var layouts: [TopColumns<Column>.Layout] = [
      .init(column: .name, title: "PROCESS", width: name, alignment: .left, rank: 0),
      .init(column: .pid, title: "PID", width: 7, rank: 10),
      .init(column: .state, title: "STATE", width: state, alignment: .left, rank: 1),
    ]
    if statuses.contains(where: { $0.health != nil }) {
      layouts.append(.init(column: .health, title: "HEALTH", width: 9, alignment: .left, rank: 4))
    }
    if statuses.contains(where: { $0.restarts > 0 }) {
      layouts.append(.init(column: .restarts, title: "RST", width: 4, rank: 6))
    }
    layouts += [
      .init(column: .processor, title: "CPU", width: 5, rank: 2),
      .init(column: .memory, title: "RSS", width: 8, rank: 7),
      .init(column: .itemsIn, title: "IN", width: 6, rank: 9),
      .init(column: .itemsOut, title: "OUT", width: 6, rank: 8),
      .init(column: .rate, title: "RATE", width: 8, rank: 3),
    ]
    if statuses.contains(where: { $0.progress != nil }) {
      let width = width >= 110 ? Self.barWidth + 5 : 4
      layouts.append(.init(column: .progress, title: width > 4 ? "PROGRESS" : "DONE", width: width, rank: 5))
    }
    columns = TopColumns(
      layouts, last: .init(column: .waitingOn, title: "WAITING ON", width: 10, alignment: .left, rank: 4), width: width)
  }

  /// The column of the order is marked.
  var heading: StyledLine {
    columns.row { layout in
      guard layout.column == order.column else { return [TextSpan(layout.title, .dim)] }
      let mark = order.isAscending != isReversed ? "▲" : "▼"
      return [TextSpan(mark + layout.title, .bold)]
    }
  }

  func row(_ process: TopSample.Process) -> StyledLine {
    let status = process.status
    let line = columns.row { layout in
      if layout.column == .progress { return progress(status.progress, width: layout.width) }
      let text = text(of: layout.column, process)
      return [TextSpan(text, Self.saysNothing(text) ? .dim : style(of: layout.column, status))]
    }
    // What is over, as it should be, steps back.
    return status.state == .succeeded ? line.restyled { _ in .dim } : line
  }

  private static func saysNothing(_ text: String) -> Bool { [none, "0", "0/s", "0.0%"].contains(text) }

  private func text(of column: Column, _ process: TopSample.Process) -> String {
    let status = process.status
    return switch column {
    case .name: status.name
    case .pid: status.pid.map { "\($0)" } ?? Self.none
    case .state: status.state.rawValue
    case .health: status.health?.rawValue ?? Self.none
    case .restarts: "\(status.restarts)"
    case .processor: process.processorShare.map { Self.percent($0) } ?? Self.none
    case .memory: status.rssBytes.map(Quantity.bytes) ?? Self.none
    case .itemsIn: Quantity.count(Double(status.itemsIn))
    case .itemsOut: Quantity.count(Double(status.itemsOut))
    case .rate: status.rate.map { Quantity.count($0) + "/s" } ?? Self.none
    case .progress: status.progress.map(StatusTable.describe) ?? Self.none
    case .waitingOn: Self.lastWords(of: status)
    }
  }

  /// What it waits on; of one that is not well, how it ended.
  private static func lastWords(of status: InstanceStatus) -> String {
    switch status.state {
    case .failed, .restarting:
      if let signal = status.signal { return SignalName.name(of: signal) ?? "signal \(signal)" }
      return status.exit.map { "exit code \($0)" } ?? ""
    case .pending, .running, .stopping, .succeeded, .stopped, .neverStarted: return status.waitingOn ?? ""
    }
  }

  private func style(of column: Column, _ status: InstanceStatus) -> TextStyle {
    switch column {
    case .name: .bold
    case .state: Self.style(of: status.state)
    case .health:
      status.health == .unhealthy ? .coloured(.red) : status.health == .starting ? .coloured(.yellow) : .plain
    case .restarts: status.restarts > 0 ? .coloured(.yellow) : .plain
    case .waitingOn where status.state == .failed: .coloured(.red)
    case .waitingOn: .plain
    case .pid, .processor, .memory, .itemsIn, .itemsOut, .rate, .progress: .plain
    }
  }

  private static func style(of state: InstanceStatus.State) -> TextStyle {
    switch state {
    case .running: .coloured(.green)
    case .pending, .stopping, .restarting, .stopped: .coloured(.yellow)
    case .failed, .neverStarted: TextStyle(colour: .red, weight: .bold)
    case .succeeded: .dim
    }
  }

  private func progress(_ progress: InstanceStatus.Progress?, width: Int) -> [TextSpan] {
    guard let progress else { return [TextSpan(Self.none, .dim)] }
    let percent = TextSpan(StatusTable.describe(progress).fitted(toDisplayWidth: min(5, width), alignment: .right))
    guard width > 4 else { return [percent] }
    let fraction = Double(progress.done) / Double(max(1, progress.total))
    return TopBar.render(fraction, width: Self.barWidth, .coloured(.cyan)) + [percent]
  }

  /// `0.4%`, `98%`, `204%`
  static func percent(_ share: Double) -> String { Quantity.decimals(share * 100, share < 0.0995 ? 1 : 0) + "%" }
}

extension TopOrder {
  fileprivate var column: TopProcessPane.Column? {
    switch self {
    case .file: nil
    case .name: .name
    case .state: .state
    case .processor: .processor
    case .memory: .memory
    case .itemsIn: .itemsIn
    case .itemsOut: .itemsOut
    case .rate: .rate
    }
  }

  /// Whether what is least comes first, where it is not reversed.
  fileprivate var isAscending: Bool { self == .name || self == .state }
}
