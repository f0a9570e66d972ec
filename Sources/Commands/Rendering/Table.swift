import Topology

/// Columns of text, aligned by what they take on a terminal.
struct Table {
  struct Column {
    var title: String
    var alignment = Alignment.left
    /// Whether its cells may be cut short where the terminal is too narrow.
    var canShrink = false
  }

  enum Alignment { case left, right }

  private static let gap = "  "
  /// A column that shrinks keeps so many columns of the terminal.
  private static let leastWidth = 8

  var columns: [Column]
  var rows: [[String]] = []

  /// `width`: that of the terminal; `nil`: nothing is cut. Each line ends in a line break and has no trailing blanks.
  func render(width: Int?) -> String {
    let widths = fitted(to: width)
    let lines = [columns.map(\.title)] + rows
    return lines.map { line($0, widths: widths) }.joined()
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let cell = cell.trimmed(toDisplayWidth: widths[index])
      let padding = String(repeating: " ", count: widths[index] - cell.displayWidth)
      text += (index > 0 ? Self.gap : "") + (columns[index].alignment == .left ? cell + padding : padding + cell)
    }
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  /// The widths of the columns; where the sum is too much, the widest that may shrink gives, again and again.
  private func fitted(to width: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      rows.map { $0[index].displayWidth }.reduce(columns[index].title.displayWidth, max)
    }
    guard let width else { return widths }
    var excess = widths.reduce(Self.gap.count * (columns.count - 1), +) - width
    while excess > 0 {
      let candidates = columns.indices.filter { columns[$0].canShrink && widths[$0] > Self.leastWidth }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}
