import Platform

/// Turns pages into what a terminal has to be sent: of a page that follows another one, the lines that have changed.
struct FramePainter {
  private static let beginUpdate = "\u{1B}[?2026h"
  private static let endUpdate = "\u{1B}[?2026l"
  private static let eraseScreen = "\u{1B}[0m\u{1B}[2J"
  private static let eraseRestOfLine = "\u{1B}[0m\u{1B}[K"

  let hasColour: Bool
  private var shown: [StyledLine]?
  private var size = TerminalSize(columns: 0, rows: 0)

  init(hasColour: Bool) { self.hasColour = hasColour }

  /// What is on the screen is not known any more.
  mutating func forget() { shown = nil }

  /// Empty where nothing has changed.
  mutating func paint(_ page: [StyledLine], size: TerminalSize) -> String {
    let lines = page.prefix(size.rows).map { $0.trimmed(to: size.columns) }
    let padded = lines + Array(repeating: StyledLine(), count: size.rows - lines.count)
    let isWhole = shown == nil || self.size != size
    let earlier = isWhole ? Array(repeating: StyledLine(), count: size.rows) : shown ?? []
    (shown, self.size) = (padded, size)
    var text = isWhole ? Self.eraseScreen : ""
    for (index, line) in padded.enumerated() where line != earlier[index] {
      text += "\u{1B}[\(index + 1);1H" + rendered(line, columns: size.columns)
    }
    return text.isEmpty ? "" : Self.beginUpdate + text + Self.endUpdate
  }

  private func rendered(_ line: StyledLine, columns: Int) -> String {
    var text = ""
    var style: TextStyle?
    for span in line.spans {
      if span.style != style { text += span.style.sequence(hasColour: hasColour) }
      style = span.style
      text += span.text
    }
    // In the last column the cursor still stands on what was written: erasing would take it away.
    return text + (line.displayWidth < columns ? Self.eraseRestOfLine : "\u{1B}[0m")
  }
}
