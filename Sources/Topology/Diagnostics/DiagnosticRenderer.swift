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
