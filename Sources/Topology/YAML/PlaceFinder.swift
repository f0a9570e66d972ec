/// Turns libyaml's counts of code points into places, whose columns are characters.
struct PlaceFinder {
  let source: SourceText
  /// The last line that was not ASCII, so that a long line is walked once.
  private var walkedLine = WalkedLine(number: 0)

  /// By code point of the line: the column, and the offset in the file's bytes.
  private struct WalkedLine {
    var number: Int
    var columns: [Int] = []
    var byteOffsets: [Int] = []
  }

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
  mutating func text(from start: Int, to end: Int) -> String {
    let first = byteOffset(of: source.position(ofScalar: start))
    let last = byteOffset(of: source.position(ofScalar: end))
    return String(decoding: source.bytes[first..<max(first, last)], as: UTF8.self)
  }

  /// Where a node's own text begins, after its anchor and tag; `end`: there is none.
  mutating func contentStart(from start: Int, to end: Int) -> Int {
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
    walk(line: position.line)
    let columns = walkedLine.columns
    return columns.indices.contains(position.scalarOffset) ? columns[position.scalarOffset] : (columns.last ?? 0) + 1
  }

  private mutating func byteOffset(of position: (line: Int, scalarOffset: Int)) -> Int {
    let range = source.byteRange(ofLine: position.line)
    if source.isASCII(line: position.line) { return min(range.lowerBound + position.scalarOffset, source.bytes.count) }
    walk(line: position.line)
    let offsets = walkedLine.byteOffsets
    if offsets.indices.contains(position.scalarOffset) { return offsets[position.scalarOffset] }
    // In the line's break.
    return min(range.upperBound + position.scalarOffset - offsets.count, source.bytes.count)
  }

  private mutating func walk(line number: Int) {
    guard walkedLine.number != number else { return }
    walkedLine = WalkedLine(number: number)
    var offset = source.byteRange(ofLine: number).lowerBound
    for (index, character) in (source.line(number) ?? "").enumerated() {
      for scalar in character.unicodeScalars {
        walkedLine.columns.append(index + 1)
        walkedLine.byteOffsets.append(offset)
        offset += UTF8.width(scalar)
      }
    }
  }
}
