/// The two lists, processes above resources, each with as many rows as it needs, or its share of what there is.
struct TopOverview {
  let model: TopModel
  let width: Int

  func render(rowCount: Int) -> [StyledLine] {
    guard let sample = model.sample else { return [StyledLine("looking …", .dim)] }
    let processes = model.shownProcesses
    let resources = model.shownResources
    let rows = Self.rows(rowCount, first: max(1, processes.count), second: resources.count)
    let pane = TopProcessPane(sample.processes, order: model.order, isReversed: model.isReversed, width: width)
    let upper = list(
      pane.heading, processes.isEmpty ? [Self.noProcess] : processes.map(pane.row), cursor: model.processIndex,
      isActive: model.pane == .processes,
      rowCount: rows.first)
    guard rows.second > 0 else { return upper }
    let lowerPane = TopResourcePane(sample.resources, width: width)
    let lower = list(
      lowerPane.heading, resources.map(lowerPane.row), cursor: model.resourceIndex,
      isActive: model.pane == .resources, rowCount: rows.second)
    return upper + lower
  }

  /// A heading, the rows around the cursor, and a line that says how many are not shown.
  private func list(
    _ heading: StyledLine, _ rows: [StyledLine], cursor: Int, isActive: Bool, rowCount: Int
  ) -> [StyledLine] {
    let room = max(0, rowCount - 2)
    let start = max(0, min(cursor - room / 2, rows.count - room))
    let shown = rows.indices.dropFirst(start).prefix(room).map { index in
      isActive && index == cursor ? selected(rows[index]) : rows[index]
    }
    return Array(
      ([heading] + shown + [Self.remainder(above: start, below: rows.count - start - shown.count)]).prefix(rowCount))
  }

  private func selected(_ row: StyledLine) -> StyledLine {
    var row = row.restyled { TextStyle(colour: $0.colour == .red ? .red : nil, isReversed: true) }
    row.pad(to: width, TextStyle(isReversed: true))
    return row
  }

  private static func remainder(above: Int, below: Int) -> StyledLine {
    var words: [String] = []
    if above > 0 { words.append("↑ \(above) more") }
    if below > 0 { words.append("↓ \(below) more") }
    return StyledLine(words.joined(separator: "   "), .dim)
  }

  private static let noProcess = StyledLine("no process has these letters in its name, state or wait", .dim)

  /// How many lines each gets, with its heading and the line below it.
  static func rows(_ count: Int, first: Int, second: Int) -> (first: Int, second: Int) {
    let (first, second) = (first + 2, second + 2)
    // Too low for two: the processes have it.
    guard count >= 8, second > 2 else { return (count, 0) }
    if first + second <= count { return (first, count - first) }
    let half = count / 2
    if second <= half { return (count - second, second) }
    if first <= count - half { return (first, count - first) }
    return (count - half, half)
  }
}
