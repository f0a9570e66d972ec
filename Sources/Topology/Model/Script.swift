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
