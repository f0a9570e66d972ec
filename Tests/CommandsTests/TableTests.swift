import Supervisor
import Testing
import Text

@testable import Commands

@Suite struct TableTests {
  private static let rows = [["count-1", "12"], ["Ω日本", "3"]]

  private func table(canShrink: Bool = false) -> Table {
    Table(
      columns: [.init(title: "NAME", canShrink: canShrink), .init(title: "PID", alignment: .right)], rows: Self.rows)
  }

  @Test func alignsByDisplayWidth() {
    #expect(table().render(width: nil) == "NAME     PID\ncount-1   12\nΩ日本      3\n")
  }

  @Test func leavesNoTrailingBlanks() {
    let table = Table(columns: [.init(title: "A"), .init(title: "B")], rows: [["long one", ""]])
    #expect(table.render(width: nil) == "A         B\nlong one\n")
  }

  @Test func cutsOnlyWhatMayShrink() {
    let long = String(repeating: "x", count: 30)
    let table = Table(
      columns: [.init(title: "NAME"), .init(title: "WAITING-ON", canShrink: true)], rows: [["count-1", long]])
    #expect(table.render(width: 20) == "NAME     WAITING-ON\ncount-1  \(String(repeating: "x", count: 10))…\n")
  }

  @Test func keepsAllWhereNothingMayShrink() {
    #expect(table().render(width: 4) == table().render(width: nil))
  }
}

@Suite struct QuantityTests {
  @Test(arguments: [
    (0, "0B"), (1023, "1023B"), (1024, "1.0KiB"), (20_582, "20.1KiB"), (1_048_575, "1.0MiB"), (3 << 30, "3.0GiB"),
  ])
  func writesBytes(count: UInt64, text: String) { #expect(Quantity.bytes(count) == text) }

  @Test(arguments: [(0.0, "0"), (999, "999"), (1000, "1.0k"), (52_345_000, "52.3M"), (999_960, "1.0M")])
  func writesCounts(count: Double, text: String) { #expect(Quantity.count(count) == text) }

  @Test(arguments: [(0.02, "0.02s"), (12.34, "12.3s"), (247, "4m07s"), (7530, "2h05m")])
  func writesDurations(seconds: Double, text: String) { #expect(Quantity.duration(seconds: seconds) == text) }
}
