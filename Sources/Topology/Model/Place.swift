/// Where something stands in a topology file; every part of a `Topology` keeps its own.
package struct Place: Hashable, Sendable {
  /// The path as the user gave it.
  package var file: String
  /// From 1.
  package var line: Int
  /// In characters (grapheme clusters), from 1.
  package var column: Int
  /// One past the last character; on the same line.
  package var endColumn: Int

  package init(file: String, line: Int, column: Int, endColumn: Int) {
    self.file = file
    self.line = line
    self.column = column
    self.endColumn = endColumn
  }
}

extension Place: CustomStringConvertible {
  package var description: String { "\(file):\(line):\(column)" }
}
