/// The columns of a pane: as many as there is room for, each as wide in every row.
struct TopColumns<Column: Hashable> {
  struct Layout {
    var column: Column
    var title: String
    var width: Int
    var alignment = Table.Alignment.right
    /// Of those with a larger number, the largest goes first where it gets narrow.
    var rank: Int
  }

  private(set) var layouts: [Layout]
  /// Of the row.
  private let width: Int

  /// `last`, to the left of nothing, takes what is left; shown where that is `leastWidthOfLast` at least.
  init(_ candidates: [Layout], last: Layout, width: Int) {
    self.width = width
    layouts = candidates + [last]
    while layouts.count > 1, Self.width(of: layouts) > width, let worst = layouts.max(by: { $0.rank < $1.rank }) {
      layouts.removeAll { $0.column == worst.column }
    }
    if layouts.last?.column == last.column {
      layouts[layouts.count - 1].width += max(0, width - Self.width(of: layouts))
    }
  }

  func has(_ column: Column) -> Bool { layouts.contains { $0.column == column } }

  /// A row, each of its cells made by `cell`, which is told how wide it is.
  func row(_ cell: (Layout) -> [TextSpan]) -> StyledLine {
    var line = StyledLine()
    for (index, layout) in layouts.enumerated() {
      line.append(Self.gap(before: layout, isFirst: index == 0))
      let content = StyledLine(cell(layout)).trimmed(to: layout.width)
      let padding = String(repeating: " ", count: layout.width - content.displayWidth)
      if layout.alignment == .right { line.append(padding) }
      line.append(content)
      if layout.alignment == .left { line.append(padding) }
    }
    return line.trimmed(to: width)
  }

  private static func width(of layouts: [Layout]) -> Int {
    layouts.enumerated().reduce(0) { $0 + $1.element.width + gap(before: $1.element, isFirst: $1.offset == 0).count }
  }

  /// Words after numbers need more air than numbers after numbers.
  private static func gap(before layout: Layout, isFirst: Bool) -> String {
    isFirst ? "" : layout.alignment == .left ? "  " : " "
  }
}

/// A bar that is as long as something is full.
enum TopBar {
  static func render(_ fraction: Double, width: Int, _ style: TextStyle) -> [TextSpan] {
    // What is not empty shows, and what is not full has a gap.
    let filled = fraction <= 0 ? 0 : fraction >= 1 ? width : min(max(1, Int(fraction * Double(width))), width - 1)
    return [
      TextSpan(String(repeating: "█", count: max(0, filled)), style),
      TextSpan(String(repeating: "░", count: max(0, width - filled)), .dim),
    ]
  }
}
