import Platform
import Supervisor
import Testing

@testable import Commands

@Suite struct TopPageTests {
  private func page(_ model: TopModel, _ columns: Int, _ rows: Int) -> [String] {
    TopPage(model: model, size: TerminalSize(columns: columns, rows: rows)).render().map(\.withoutTrailingBlanks)
  }

  /// Seen to fail: a gap of one before words.
  @Test func showsProcessesAboveResources() {
    #expect(
      page(TopFixture.model(TopFixture.instances), 80, 16).joined(separator: "\n") == """
        demo  1 failed  2 running  1 done                up 1m02s   CPU 75%   RSS 6.0MiB

        PROCESS      PID  STATE       CPU      RSS     IN    OUT     RATE  WAITING ON
        read-1         -  succeeded     -        -      0      0        -
        count-1      100  running     50%   3.0MiB   1.5k      0   1.5k/s  get lines
        count-2      100  running     25%   3.0MiB     20      0     20/s
        top-1          -  failed        -        -      0      0        -

        RESOURCE  SORT       FILLED
        slots     semaphore  ███████░░░   3/4  held by a-1 (3)
        go        event      set




        q quit  ? help  ↑↓ choose  Enter log  r restart  x stop  s start  / filter
        """)
  }

  @Test func leavesOutWhatIsLessImportantWhereItIsNarrow() {
    #expect(
      page(TopFixture.model(TopFixture.instances), 40, 10).joined(separator: "\n") == """
        demo  1 failed  2 running  1 done
        PROCESS   STATE       CPU     RATE
        read-1    succeeded     -        -
        count-1   running     50%   1.5k/s
        ↓ 2 more
        RESOURCE  SORT       FILLED
        slots     semaphore  ███████░░░   3/4
        go        event      set

        q quit  ? help  ↑↓ choose  Enter log
        """)
  }

  @Test func fitsInAnySize() {
    var model = TopFixture.model(TopFixture.instances)
    model.filter = "a"
    let log = TopLog(instance: "count-1")
    for view in [TopModel.View.overview, .log(log), .help(offset: 900), .resource(name: "go", offset: 3)] {
      model.view = view
      for columns in [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 80, 200] {
        for rows in 0...20 {
          let size = TerminalSize(columns: columns, rows: rows)
          let page = TopPage(model: model, size: size).render()
          #expect(page.count == rows || rows == 0)
          var painter = FramePainter(hasColour: true)
          #expect(!painter.paint(page, size: size).isEmpty)
        }
      }
    }
  }

  /// Seen to fail: a filter that is compared as it is written.
  @Test func showsWhatTheFilterLetsPass() {
    var model = TopFixture.model(TopFixture.instances)
    model.filter = "LINES"
    #expect(model.shownProcesses.map(\.status.name) == ["count-1"])
    model.filter = "failed"
    #expect(model.shownProcesses.map(\.status.name) == ["top-1"])
  }

  @Test(arguments: [
    (TopOrder.file, ["read-1", "count-1", "count-2", "top-1"]), (.name, ["count-1", "count-2", "read-1", "top-1"]),
    (.processor, ["count-1", "count-2", "read-1", "top-1"]), (.state, ["top-1", "count-1", "count-2", "read-1"]),
    (.rate, ["count-1", "count-2", "read-1", "top-1"]),
  ])
  func sorts(order: TopOrder, names: [String]) {
    var model = TopFixture.model(TopFixture.instances)
    model.order = order
    #expect(model.shownProcesses.map(\.status.name) == names)
    model.isReversed = true
    #expect(model.shownProcesses.map(\.status.name) == names.reversed())
  }

  @Test func saysALongRefusalInSeveralRows() {
    var model = TopFixture.model(TopFixture.instances)
    model.notice = .init(text: String(repeating: "word ", count: 12) + "end", sort: .failure)
    #expect(
      page(model, 40, 10).suffix(2) == [
        "word word word word word word word word", "word word word word end",
      ])
  }
}
