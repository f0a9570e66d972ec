import Supervisor
import Testing

@testable import Commands

/// The primitives as `inspect` shows them.
@Suite struct ResourceRenderingTests {
  private let resources = [
    ResourceStatus(
      name: "slots",
      detail: .semaphore(
        .init(count: 1, initial: 4, isBounded: true, holders: ["b-1": 1, "a-1": 2], waiters: []))),
    ResourceStatus(
      name: "signal", detail: .semaphore(.init(count: 0, initial: 0, isBounded: false, holders: [:], waiters: ["c-1"]))),
    ResourceStatus(name: "ready", detail: .condition(lock: "ledger", waiters: ["b-1", "a-1"])),
    ResourceStatus(name: "go", detail: .event(isSet: true, waiters: [])),
    ResourceStatus(name: "start", detail: .barrier(parties: 3, waiters: ["a-1"], broken: nil)),
    ResourceStatus(name: "end", detail: .barrier(parties: 3, waiters: [], broken: "c-1 has ended")),
  ]

  @Test func listsALineForEach() {
    #expect(
      ResourceText.list(resources, width: nil) == """
        RESOURCE  SORT                 STATE
        slots     bounded semaphore    1/4 left, held by a-1 (2), b-1
        signal    unbounded semaphore  0, awaited by c-1
        ready     condition            with lock ledger, awaited by b-1, a-1
        go        event                set
        start     barrier              1/3 parties, awaited by a-1
        end       barrier              0/3 parties, broken: c-1 has ended

        """)
  }

  @Test func tellsAllOfOne() {
    #expect(
      ResourceText.page(resources[0]) == """
        slots
          sort     bounded semaphore
          count    1 of 4
          holders  a-1 (2), b-1
          waiters  none

        """)
    #expect(ResourceText.page(resources[4]).contains("waiting  a-1\n  broken   no\n"))
  }

  @Test func writesOneFlatObjectEach() throws {
    let lines = try resources.map { try JSONOutput.line(ResourceRecord($0)) }
    #expect(
      lines[0]
        == #"{"count":1,"holders":{"a-1":2,"b-1":1},"initial":4,"isBounded":true,"name":"slots","sort":"semaphore","waiters":[]}"#
        + "\n")
    #expect(lines[2] == #"{"lock":"ledger","name":"ready","sort":"condition","waiters":["b-1","a-1"]}"# + "\n")
    #expect(lines[3] == #"{"isSet":true,"name":"go","sort":"event","waiters":[]}"# + "\n")
    #expect(lines[4] == #"{"broken":null,"name":"start","parties":3,"sort":"barrier","waiters":["a-1"]}"# + "\n")
  }
}
