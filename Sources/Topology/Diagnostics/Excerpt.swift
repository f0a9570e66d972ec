import Text

/// A line of a file and the marker below it, as a terminal shows them: aligned by the width of characters, cut to a
/// window around the marker where the line is long.
struct Excerpt {
  /// Safe to print; tabs are spaces.
  let line: String
  /// Padding, `^`, and `~` to the end of the place.
  let marker: String

  /// Columns of a line that are shown; what does not fit is `…`.
  private static let windowWidth = 100
  private static let tabWidth = 4

  /// What one character of the line looks like.
  private struct Cell {
    var text: String
    var width: Int
  }

  init(line: String, place: Place) {
    // Far more than a window can need on both sides of the marker: a line may have megabytes.
    let first = max(0, place.column - 1 - 2 * Self.windowWidth)
    let shown = line.dropFirst(first).prefix(5 * Self.windowWidth)
    let cells = Self.cells(of: shown)
    let start = min(place.column - 1 - first, cells.count)
    let end = min(max(place.endColumn - 1 - first, start), cells.count)
    let window = Self.window(cells, around: start..<end)
    let isCutBefore = first + window.lowerBound > 0
    let isCutAfter = window.upperBound < cells.count || first + shown.count < line.count

    let before = cells[window.lowerBound..<start].reduce(isCutBefore ? 1 : 0) { $0 + $1.width }
    let marked = cells[start..<max(start, min(end, window.upperBound))].reduce(0) { $0 + $1.width }
    let text = cells[window].map(\.text).joined()
    self.line = (isCutBefore ? "…" : "") + text + (isCutAfter ? "…" : "")
    marker =
      String(repeating: " ", count: before) + "^" + String(repeating: "~", count: max(0, marked - 1))
  }

  private static func cells(of line: Substring) -> [Cell] {
    var column = 0
    return line.map { character in
      let cell = cell(of: character, atColumn: column)
      column += cell.width
      return cell
    }
  }

  private static func cell(of character: Character, atColumn column: Int) -> Cell {
    if character == "\t" {
      let width = tabWidth - column % tabWidth
      return Cell(text: String(repeating: " ", count: width), width: width)
    }
    let text = String(character)
    guard character.unicodeScalars.contains(where: TerminalText.isUnsafe) else {
      return Cell(text: text, width: character.displayWidth)
    }
    let escaped = TerminalText.escaped(text)
    return Cell(text: escaped, width: escaped.reduce(0) { $0 + $1.displayWidth })
  }

  /// The whole line where it fits; else what fits around the marker's start, some of it before.
  private static func window(_ cells: [Cell], around marked: Range<Int>) -> Range<Int> {
    var lower = marked.lowerBound
    var upper = marked.lowerBound
    var remaining = windowWidth
    let total = cells.reduce(0) { $0 + $1.width }
    if total <= windowWidth { return cells.indices }
    let after = cells[lower...].reduce(0) { $0 + $1.width }
    // Half before the marker, or more where little follows it.
    var before = max(windowWidth / 2, windowWidth - after)
    while lower > 0, before >= cells[lower - 1].width {
      lower -= 1
      before -= cells[lower].width
      remaining -= cells[lower].width
    }
    while upper < cells.count, remaining >= cells[upper].width {
      remaining -= cells[upper].width
      upper += 1
    }
    return lower..<upper
  }
}
