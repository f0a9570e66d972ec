import Text

/// Diagnostics as text for people:
/// ```
/// wordcount.yaml:14:9: error: process 'count' reads 'linez', which no resource declares
///    14 |     in: linez
///       |         ^~~~~
///       = help: did you mean 'lines' (line 3)?
/// ```
package struct DiagnosticRenderer {
  private let sources: Sources
  private let usesColour: Bool

  /// A place in a file that `sources` lacks is shown without its line.
  package init(sources: Sources, usesColour: Bool = false) {
    self.sources = sources
    self.usesColour = usesColour
  }

  /// In order of file, line and column; each ends in a line break.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.inOrder(of: sources).map(render).joined()
  }

  package func render(_ diagnostic: Diagnostic) -> String {
    let isError = diagnostic.severity == .error
    var text = heading(
      diagnostic.place, file: diagnostic.file, label: diagnostic.severity.rawValue, colour: isError ? .red : .magenta,
      message: diagnostic.message)
    var gutterWidth = Self.gutterWidth
    if let place = diagnostic.place {
      gutterWidth = width(ofGutterFor: place)
      text += excerpt(at: place, colour: isError ? .red : .magenta)
    }
    if let help = diagnostic.help {
      text += String(repeating: " ", count: gutterWidth) + " = "
      text += painted("help:", .cyan) + " " + TerminalText.escaped(help) + "\n"
    }
    for note in diagnostic.notes {
      text += heading(note.place, file: note.place.file, label: "note", colour: .cyan, message: note.message)
      text += excerpt(at: note.place, colour: .cyan)
    }
    return text
  }

  private func heading(_ place: Place?, file: String, label: String, colour: Colour, message: String) -> String {
    var position = TerminalText.escaped(file)
    if let place { position += ":\(place.line):\(place.column)" }
    return painted(position + ":", .bold) + " " + painted(label + ":", colour) + " " + TerminalText.escaped(message)
      + "\n"
  }

  private func excerpt(at place: Place, colour: Colour) -> String {
    guard let source = sources[place.file], place.line <= source.lineCount else { return "" }
    guard source.byteRange(ofLine: place.line).count <= Self.longestLine, let line = source.line(place.line) else {
      return ""
    }
    let excerpt = Excerpt(line: line, place: place)
    let number = String(place.line)
    let gutterWidth = width(ofGutterFor: place)
    let numbered = String(repeating: " ", count: gutterWidth - number.count) + number
    let empty = String(repeating: " ", count: gutterWidth)
    let padding = excerpt.marker.prefix { $0 == " " }
    let marker = painted(String(excerpt.marker.dropFirst(padding.count)), colour)
    // No trailing blank after the gutter of an empty line.
    return numbered + " |" + (excerpt.line.isEmpty ? "" : " " + excerpt.line) + "\n" + empty + " | " + padding + marker
      + "\n"
  }

  private static let gutterWidth = 5
  /// In bytes. Longer lines are generated: their places are for programs, and walking them for each finding takes long.
  private static let longestLine = 64 << 10

  private func width(ofGutterFor place: Place) -> Int { max(Self.gutterWidth, String(place.line).count) }

  private enum Colour: String {
    case bold = "1"
    case red = "1;31"
    case magenta = "1;35"
    case cyan = "1;36"
  }

  private func painted(_ text: String, _ colour: Colour) -> String {
    usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }
}

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
