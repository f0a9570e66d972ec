import Platform
import Supervisor

/// The page as lines: what `model` says, in a terminal of that size.
struct TopPage {
  /// A terminal that is lower has no lines to spare for air.
  static let roomyRowCount = 16

  let model: TopModel
  let size: TerminalSize

  func render() -> [StyledLine] {
    let footer = TopFooter(model: model, width: size.columns).render(rowLimit: max(1, size.rows / 3))
    let heading = TopHeader(model: model, width: size.columns).render()
    let air = size.rows >= Self.roomyRowCount ? [StyledLine()] : []
    let room = max(0, size.rows - 1 - air.count - footer.count)
    let lines = [heading] + air + Self.filled(body(rowCount: room), rowCount: room) + footer
    return Array(lines.prefix(size.rows))
  }

  /// All that there is, however much, for a stream that is no terminal.
  static func whole(_ model: TopModel, width: Int) -> [StyledLine] {
    let rowCount = model.shownProcesses.count + model.shownResources.count + 4
    var lines = [TopHeader(model: model, width: width).render(), StyledLine()]
    lines += TopOverview(model: model, width: width).render(rowCount: max(8, rowCount))
    while lines.last?.text.allSatisfy({ $0 == " " }) ?? false { lines.removeLast() }
    return lines
  }

  private func body(rowCount: Int) -> [StyledLine] {
    switch model.view {
    case .overview: TopOverview(model: model, width: size.columns).render(rowCount: rowCount)
    case .log(let log): Self.render(log, width: size.columns, rowCount: rowCount)
    case .resource(let name, let offset): Self.window(facts(of: name), from: offset, rowCount: rowCount)
    case .help(let offset): Self.window(TopHelp.lines, from: offset, rowCount: rowCount)
    }
  }

  private func facts(of name: String) -> [StyledLine] {
    guard let resource = model.sample?.resources.first(where: { $0.status.name == name }) else { return [] }
    return ResourceViews.page(resource.status).split(separator: "\n").dropFirst().map { StyledLine(String($0)) }
  }

  /// From the last line upwards, long ones in several rows.
  private static func render(_ log: TopLog, width: Int, rowCount: Int) -> [StyledLine] {
    var rows: [StyledLine] = []
    for line in log.lines.dropLast(log.linesBelow).reversed() {
      guard rows.count < rowCount else { break }
      rows += line.wrapped(toDisplayWidth: max(2, width)).reversed().map { StyledLine($0) }
    }
    if log.lines.isEmpty { rows = [StyledLine("nothing was printed yet", .dim)] }
    return Array(rows.prefix(rowCount).reversed())
  }

  /// Shows the end rather than nothing.
  private static func window(_ lines: [StyledLine], from offset: Int, rowCount: Int) -> [StyledLine] {
    Array(lines.dropFirst(min(offset, max(0, lines.count - rowCount))).prefix(rowCount))
  }

  private static func filled(_ lines: [StyledLine], rowCount: Int) -> [StyledLine] {
    lines + Array(repeating: StyledLine(), count: max(0, rowCount - lines.count))
  }
}
