/// A Lua text of the file.
package struct Script: Sendable, Equatable {
  package var source: String
  /// Of a block, where its text begins; else of the whole scalar.
  package var place: Place
  /// Where the text stands, if that is not line by line from `place`.
  package var runs: [TextRun]

  package init(_ source: String, at place: Place, runs: [TextRun] = []) {
    self.source = source
    self.place = place
    self.runs = runs
  }
}

/// A part of a scalar's text that stands in its file as it is. It goes as far as the next run.
package struct TextRun: Sendable, Equatable {
  /// In code points of the text.
  package var offset: Int
  package var line: Int
  package var column: Int

  package init(offset: Int, line: Int, column: Int) {
    self.offset = offset
    self.line = line
    self.column = column
  }
}

extension Script {
  /// The text laid out on the lines of its file, so that what Lua says of a line is true of the file. Only the white
  /// space between words and signs differs from `source`, and comments, which would end with their line.
  package var onLinesOfFile: String {
    if runs.isEmpty { return String(repeating: "\n", count: max(0, place.line - 1)) + source }
    var text = ""
    var line = 1
    var end = source.startIndex
    var position = Position(in: self)
    for token in LuaTokens(source).tokens {
      position.move(to: token.range.lowerBound)
      let missing = max(0, position.line - line)
      if token.range.lowerBound > end || text.isEmpty {
        text += missing > 0 ? String(repeating: "\n", count: missing) : " "
        line += missing
      }
      text.unicodeScalars += source.unicodeScalars[token.range]
      // A long string keeps its lines: those behind it may be too low, till the file has caught up.
      line += source.unicodeScalars[token.range].count { $0 == "\n" }
      end = token.range.upperBound
    }
    return text
  }

  /// The last place of `word` on a line of the file, or all of the line's text.
  package func place(ofLine number: Int, near word: Substring?) -> Place {
    guard let first = runs.first, let last = runs.last else { return placeInBlock(ofLine: number, near: word) }
    if word == nil, first.line == last.line { return place }
    let line = text(ofLine: number)
    let marked = word.flatMap { line.ranges(of: $0).last } ?? line.startIndex..<line.endIndex
    guard !marked.isEmpty else { return place }
    var position = Position(in: self)
    position.move(to: marked.lowerBound)
    let column = position.column
    position.move(to: source.index(before: marked.upperBound))
    return Place(file: place.file, line: number, column: column, endColumn: max(column, position.column) + 1)
  }

  /// Of a part of its text that is on one line.
  func place(of range: Range<String.Index>) -> Place {
    guard let first = runs.first else { return placeInBlock(of: range) }
    var position = Position(in: self)
    position.move(to: max(range.lowerBound, source.startIndex))
    let (line, column) = (position.line, position.column)
    position.move(to: source.index(before: max(range.upperBound, source.index(after: range.lowerBound))))
    let isOnLine = position.line == line && line >= first.line
    return Place(
      file: place.file, line: line, column: column, endColumn: isOnLine ? max(column, position.column) + 1 : column + 1)
  }

  private func placeInBlock(of range: Range<String.Index>) -> Place {
    let before = source[..<range.lowerBound]
    let start = before.lastIndex(of: "\n").map { source.index(after: $0) } ?? source.startIndex
    let column = place.column + source.distance(from: start, to: range.lowerBound)
    return Place(
      file: place.file, line: place.line + before.count(where: { $0 == "\n" }), column: column,
      endColumn: column + source.distance(from: range.lowerBound, to: range.upperBound))
  }

  /// What stands on a line of the file, without the white space around it.
  private func text(ofLine number: Int) -> Substring {
    guard let first = runs.firstIndex(where: { $0.line == number }) else { return "" }
    let scalars = source.unicodeScalars
    let start = scalars.index(scalars.startIndex, offsetBy: runs[first].offset)
    let next = runs[first...].first { $0.line != number }
    let end = next.map { scalars.index(scalars.startIndex, offsetBy: $0.offset) } ?? source.endIndex
    let last = source[start..<end].lastIndex { !$0.isWhitespace }
    return source[start..<(last.map { source.index(after: $0) } ?? start)]
  }

  private func placeInBlock(ofLine number: Int, near word: Substring?) -> Place {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    // The end of the script is where its last line is.
    let last = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? 0
    let index = max(0, min(number - place.line, last))
    let line = lines.isEmpty ? "" : lines[index]
    let marked = word.flatMap { line.ranges(of: $0).last } ?? Self.extent(of: line)
    let column = place.column + line.distance(from: line.startIndex, to: marked.lowerBound)
    return Place(
      file: place.file, line: place.line + index, column: column,
      endColumn: column + line.distance(from: marked.lowerBound, to: marked.upperBound))
  }

  /// Without the white space around it.
  private static func extent(of line: Substring) -> Range<Substring.Index> {
    let start = line.firstIndex { !$0.isWhitespace } ?? line.startIndex
    let end = line.lastIndex { !$0.isWhitespace }.map { line.index(after: $0) } ?? line.startIndex
    return start..<max(start, end)
  }

  /// A character of the text in its file; goes forward only.
  private struct Position {
    private let source: String
    private let runs: [TextRun]
    private var run = 0
    private var index: String.Index
    private var offset = 0

    init(in script: Script) {
      source = script.source
      runs = script.runs
      index = source.startIndex
    }

    mutating func move(to index: String.Index) {
      offset += source.unicodeScalars.distance(from: self.index, to: index)
      self.index = index
      while run + 1 < runs.count, runs[run + 1].offset <= offset { run += 1 }
    }

    var line: Int { runs[run].line }
    var column: Int { runs[run].column + max(0, offset - runs[run].offset) }
  }
}
