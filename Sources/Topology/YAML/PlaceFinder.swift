/// Turns libyaml's counts of code points into places, whose columns are characters.
struct PlaceFinder {
  let source: SourceText
  /// Of the last line that was not ASCII: the column of each of its code points, so that a long line is walked once.
  private var walkedLine = (number: 0, columns: [Int]())

  init(_ source: SourceText) { self.source = source }

  /// Of a range of code points; to the end of its first line where it goes on further.
  mutating func place(from start: Int, to end: Int) -> Place {
    let first = source.position(ofScalar: start)
    let last = source.position(ofScalar: max(start, end))
    let column = column(of: first)
    let endColumn = last.line == first.line ? self.column(of: last) : endColumn(ofLine: first.line)
    return Place(file: source.file, line: first.line, column: column, endColumn: max(column, endColumn))
  }

  /// Past the last character of a line that is no white space.
  func endColumn(ofLine number: Int) -> Int {
    let line = source.line(number) ?? ""
    return (line.lastIndex { !$0.isWhitespace }.map { line.distance(from: line.startIndex, to: $0) + 1 } ?? 0) + 1
  }

  /// The text between two code points of the file.
  func text(from start: Int, to end: Int) -> String {
    source.text(from: source.position(ofScalar: start), to: source.position(ofScalar: end))
  }

  /// Where a node's own text begins, after its anchor and tag; `end`: there is none.
  func contentStart(from start: Int, to end: Int) -> Int {
    var index = start
    var isInProperty = false
    var isInComment = false
    for scalar in text(from: start, to: end).unicodeScalars {
      let isBreak = scalar == "\n" || scalar == "\r"
      let isBlank = isBreak || scalar == " " || scalar == "\t"
      if isInComment {
        isInComment = !isBreak
      } else if isInProperty {
        isInProperty = !isBlank
      } else if scalar == "&" || scalar == "!" {
        isInProperty = true
      } else if scalar == "#" {
        isInComment = true
      } else if !isBlank {
        return index
      }
      index += 1
    }
    return end
  }

  private mutating func column(of position: (line: Int, scalarOffset: Int)) -> Int {
    if source.isASCII(line: position.line) { return position.scalarOffset + 1 }
    if walkedLine.number != position.line {
      walkedLine = (position.line, Self.columns(of: source.line(position.line) ?? ""))
    }
    let columns = walkedLine.columns
    return columns.indices.contains(position.scalarOffset) ? columns[position.scalarOffset] : (columns.last ?? 0) + 1
  }

  private static func columns(of line: String) -> [Int] {
    var columns: [Int] = []
    for (index, character) in line.enumerated() {
      for _ in character.unicodeScalars { columns.append(index + 1) }
    }
    return columns
  }
}
