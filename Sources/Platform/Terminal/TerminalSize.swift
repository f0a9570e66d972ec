internal import CPlatform

/// How much a terminal shows.
package struct TerminalSize: Sendable, Equatable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// As it is now; `nil`: it is no terminal, or does not say.
  package init?(of number: Int32) {
    var (columns, rows): (Int32, Int32) = (0, 0)
    guard mporch_terminal_size(number, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
    self.init(columns: Int(columns), rows: Int(rows))
  }
}
