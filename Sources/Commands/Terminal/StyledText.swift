import Text
import Topology

/// How some text looks on a terminal.
struct TextStyle: Equatable {
  enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  enum Weight: Equatable {
    case plain, bold, dim
  }

  var colour: Colour?
  var weight = Weight.plain
  var isReversed = false

  static let plain = TextStyle()
  static let bold = TextStyle(weight: .bold)
  static let dim = TextStyle(weight: .dim)

  static func coloured(_ colour: Colour) -> TextStyle { TextStyle(colour: colour) }

  /// `ESC [ … m`
  func sequence(hasColour: Bool) -> String {
    var codes = ["0"]
    if weight == .bold { codes.append("1") }
    if weight == .dim { codes.append("2") }
    if isReversed { codes.append("7") }
    if hasColour, let colour { codes.append("\(colour.rawValue)") }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }
}

/// A piece of a line, all in one style. Its text does nothing to a terminal but to be shown there.
struct TextSpan: Equatable {
  let text: String
  var style: TextStyle

  init(_ text: String, _ style: TextStyle = .plain) {
    self.text = TerminalText.escaped(text)
    self.style = style
  }
}

/// A line of a page.
struct StyledLine: Equatable {
  private(set) var spans: [TextSpan] = []
  private(set) var displayWidth = 0

  init(_ spans: [TextSpan] = []) { spans.forEach { append($0) } }

  init(_ text: String, _ style: TextStyle = .plain) { append(TextSpan(text, style)) }

  var text: String { spans.map(\.text).joined() }

  var withoutTrailingBlanks: String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  mutating func append(_ span: TextSpan) {
    guard !span.text.isEmpty else { return }
    spans.append(span)
    displayWidth += span.text.displayWidth
  }

  mutating func append(_ text: String, _ style: TextStyle = .plain) { append(TextSpan(text, style)) }

  mutating func append(_ line: StyledLine) { line.spans.forEach { append($0) } }

  /// Blanks until it is so wide.
  mutating func pad(to width: Int, _ style: TextStyle = .plain) {
    if displayWidth < width { append(String(repeating: " ", count: width - displayWidth), style) }
  }

  /// Ends in `…` where something was cut.
  func trimmed(to width: Int) -> StyledLine {
    guard displayWidth > width else { return self }
    guard width > 0 else { return StyledLine() }
    var line = StyledLine()
    for span in spans {
      let room = width - line.displayWidth
      // What is cut away begins behind this span: its last character makes room for the sign of it.
      let isLast = span.text.displayWidth >= room
      line.append(isLast ? (span.text + " ").trimmed(toDisplayWidth: room) : span.text, span.style)
      if isLast { break }
    }
    return line
  }

  /// In other styles.
  func restyled(_ change: (TextStyle) -> TextStyle) -> StyledLine {
    var line = self
    for index in line.spans.indices { line.spans[index].style = change(line.spans[index].style) }
    return line
  }
}

extension String {
  /// Blanks before it or behind it, or cut, so that it is exactly so wide.
  func fitted(toDisplayWidth width: Int, alignment: Table.Alignment) -> String {
    let text = trimmed(toDisplayWidth: width)
    let padding = String(repeating: " ", count: max(0, width - text.displayWidth))
    return alignment == .left ? text + padding : padding + text
  }

  /// In pieces that fit, cut where the width ends.
  func wrapped(toDisplayWidth width: Int) -> [String] {
    var lines: [String] = []
    var (line, taken) = ("", 0)
    for character in self {
      if taken + character.displayWidth > width, !line.isEmpty {
        lines.append(line)
        (line, taken) = ("", 0)
      }
      line.append(character)
      taken += character.displayWidth
    }
    return lines + [line]
  }
}
