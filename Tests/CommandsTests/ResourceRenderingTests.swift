import Supervisor
import Testing

@testable import Commands

/// Resources as `inspect` shows them.
@Suite struct ResourceRenderingTests {
  private static func party(_ name: String, _ pid: Int32? = nil, _ seconds: Double? = nil) -> ResourceStatus.Party {
    .init(name: name, pid: pid, seconds: seconds)
  }

  private let resources = [
    ResourceStatus(
      name: "slots",
      detail: .semaphore(
        .init(count: 1, initial: 4, isBounded: true, holders: ["b-1": 1, "a-1": 2], waiters: []))),
    ResourceStatus(
      name: "signal",
      detail: .semaphore(.init(count: 0, initial: 0, isBounded: false, holders: [:], waiters: [party("c-1")]))),
    ResourceStatus(
      name: "ready", detail: .condition(.init(lock: "ledger", waiters: [party("b-1", 7, 1.5), party("a-1")]))),
    ResourceStatus(name: "go", detail: .event(.init(isSet: true, waiters: []))),
    ResourceStatus(
      name: "start",
      detail: .barrier(.init(parties: 3, waiters: [party("a-1")], missing: [party("b-1"), party("c-1")], broken: nil))),
    ResourceStatus(
      name: "end", detail: .barrier(.init(parties: 3, waiters: [], missing: [], broken: "c-1 has ended"))),
    ResourceStatus(
      name: "ledger", detail: .lock(.init(holder: party("a-1", 12, 65), depth: 2, waiters: [party("b-1", 13, 65)]))),
  ]

  @Test func listsATableForEachSort() {
    #expect(
      ResourceViews.tables(resources, width: nil) == """
        LOCK    HOLDER  WAITING
        ledger  a-1     b-1

        SEMAPHORE   COUNT  HOLDERS       WAITING
        slots      1 of 4  a-1 (2), b-1  -
        signal          0  -             c-1

        CONDITION  LOCK    WAITING
        ready      ledger  b-1, a-1

        EVENT  SET  WAITING
        go     yes  -

        BARRIER    CAME  WAITING  MISSING   BROKEN
        start    1 of 3  a-1      b-1, c-1  no
        end      0 of 3  -        -         c-1 has ended

        """)
  }

  @Test func tellsAllOfOne() {
    #expect(
      ResourceViews.page(resources[0]) == """
        slots
          sort     bounded semaphore
          count    1 of 4
          holders  a-1 (2), b-1
          waiting  none

        """)
    #expect(
      ResourceViews.page(resources[6]) == """
        ledger
          sort     lock
          holder   a-1 (pid 12), 2 times, for more than 1m05s
          waiting  b-1 (pid 13, for 1m05s)

        """)
    #expect(ResourceViews.page(resources[4]).contains("missing  b-1\n           c-1\n  broken   no\n"))
  }

  @Test func writesOneFlatObjectEach() throws {
    let lines = resources.map { JSONOutput.line(ResourceRecord($0)) }
    #expect(
      lines[0]
        == #"{"count":1,"holders":{"a-1":2,"b-1":1},"initial":4,"isBounded":true,"name":"slots","sort":"semaphore","waiters":[]}"#
        + "\n")
    #expect(
      lines[2]
        == #"{"lock":"ledger","name":"ready","sort":"condition","waiters":[{"name":"b-1","pid":7,"seconds":1.5},{"name":"a-1"}]}"#
        + "\n")
    #expect(lines[3] == #"{"isSet":true,"name":"go","sort":"event","waiters":[]}"# + "\n")
    #expect(
      lines[4]
        == #"{"missing":[{"name":"b-1"},{"name":"c-1"}],"name":"start","parties":3,"sort":"barrier","waiters":[{"name":"a-1"}]}"#
        + "\n")
  }
}
