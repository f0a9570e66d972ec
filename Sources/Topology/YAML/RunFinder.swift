/// Finds where the text of a folded, quoted or plain scalar stands in its file.
///
/// What YAML makes of such a scalar changes its white space and replaces its escapes. All else is in the file in the
/// same order: the characters of the one are counted off against those of the other.
struct RunFinder {
  private let written: ScalarReader.Written
  private let raw: [Unicode.Scalar]
  private var index: Int
  /// A line ended since the last character.
  private var hasBreak = false

  static func runs(of written: ScalarReader.Written, places: inout PlaceFinder) -> [TextRun] {
    guard written.style != .literal else { return [] }
    var finder = RunFinder(written, raw: Array(places.text(from: written.start, to: written.end).unicodeScalars))
    return finder.runs(places: &places)
  }

  private init(_ written: ScalarReader.Written, raw: [Unicode.Scalar]) {
    self.written = written
    self.raw = raw
    index =
      switch written.style {
      case .plain, .literal: 0
      case .singleQuoted, .doubleQuoted: 1
      case .folded: (raw.firstIndex { Self.isBreak($0) } ?? -1) + 1
      }
  }

  private mutating func runs(places: inout PlaceFinder) -> [TextRun] {
    var runs: [TextRun] = []
    // How far the file is ahead of the text.
    var shift: Int?
    for (offset, scalar) in written.text.unicodeScalars.enumerated() where !scalar.properties.isWhitespace {
      guard let start = next() else { break }
      if hasBreak || shift != start - offset {
        let place = places.place(from: written.start + start, to: written.start + start + 1)
        runs.append(TextRun(offset: offset, line: place.line, column: place.column))
      }
      // Behind an escape it is another one.
      shift = start - offset
      hasBreak = false
    }
    return runs
  }

  /// Where the next character begins that is no white space.
  private mutating func next() -> Int? {
    while index < raw.count {
      let start = index
      let scalar = raw[index]
      index += 1
      switch (written.style, scalar) {
      case (.doubleQuoted, "\\"): if !escapeIsSpace() { return start }
      case (.singleQuoted, "'"):
        // Written twice.
        index += 1
        return start
      default:
        if !scalar.properties.isWhitespace { return start }
        if Self.isBreak(scalar) { hasBreak = true }
      }
    }
    return nil
  }

  /// Goes past an escape; whether it stands for white space.
  private mutating func escapeIsSpace() -> Bool {
    guard index < raw.count else { return true }
    let letter = raw[index]
    index += 1
    switch letter {
    case "n", "r", "t", "v", "f", "N", "_", "L", "P": return true
    case "x": return codeIsSpace(digits: 2)
    case "u": return codeIsSpace(digits: 4)
    case "U": return codeIsSpace(digits: 8)
    default:
      if Self.isBreak(letter) { hasBreak = true }
      return letter.properties.isWhitespace
    }
  }

  private mutating func codeIsSpace(digits: Int) -> Bool {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: raw[index..<min(raw.count, index + digits)])
    index += digits
    return UInt32(String(text), radix: 16).flatMap(Unicode.Scalar.init)?.properties.isWhitespace ?? false
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
}
