import Testing

@testable import Topology

/// Warnings of what may become a deadlock.
struct OrderTests {
  private func pairs(_ source: String) -> [String] {
    LockNesting(source, locks: ["a", "b", "c"]).pairs.map { "\($0.held)\($0.taken)@\($0.line)" }
  }

  /// Seen to fail: where a block's end leaves its locks held.
  @Test func nestedTakingsAreSeen() {
    #expect(pairs("a:acquire()\nb:acquire()") == ["ab@1"])
    #expect(pairs("a:with(function()\n b:with(f)\nend)\nc:acquire()") == ["ab@1"])
    #expect(pairs("a:acquire(1) b:acquire()") == ["ab@0"])
    #expect(pairs("if x then a:acquire() else b:acquire() end c:acquire()") == [])
    #expect(pairs("a:acquire() if x then a:release() return end b:acquire()") == [])
    #expect(pairs("local function f() a:acquire() end b:acquire()") == [])
    #expect(pairs("a:acquire() b:acquire(0.5)") == [])
    #expect(pairs("a:acquire() a:release() b:acquire()") == [])
    #expect(
      pairs("-- a:acquire()\n--[[ a:acquire()\n]] print('a:acquire()', \"\\\"\", [[a:acquire()]]) b:acquire()") == [])
    #expect(pairs("other.a:acquire() b:acquire()") == [])
    #expect(pairs("for i = 1, 2 do a:acquire() repeat b:acquire() until c:acquire() end") == ["ab@0", "ac@0"])
    for text in ["end end ) ) until", "a:", "a:acquire", "a:acquire(", "\"", "[==[", "--[[", "a:with("] {
      _ = pairs(text)
    }
  }

  private func warnings(_ text: String) -> [Diagnostic] {
    Loading(text).result().diagnostics.filter { $0.severity == .warning }
  }

  /// Seen to fail: told for each order.
  @Test func locksTakenInOppositeOrders() {
    let found = warnings(
      """
      locks: [ledger, audit]
      processes:
        first:
          script: |
            ledger:acquire()
            audit:acquire()
          use: [ledger, audit]
        second:
          script: |
            x:with(function()
              ledger:acquire()
            end)
          use: {x: audit, ledger: ledger}
      """)
    #expect(found.count == 1)
    #expect(
      found.first?.message
        == "process 'second' takes lock 'ledger' while it has 'audit', and process 'first' takes them in the other order"
    )
    #expect(found.first?.place?.line == 11 && found.first?.notes.first?.place.line == 6)
  }

  /// Seen to fail: an instance warned of itself; a third lock that both have not looked at.
  @Test func noWarningWhereTheyCannotMeet() {
    let alone = """
      locks: [a, b]
      processes:
        only: {script: "a:acquire() b:acquire() a:release() b:release() b:acquire() a:acquire()", use: [a, b], replicas: N}
      """
    #expect(warnings(alone.replacing("N", with: "1")).isEmpty)
    #expect(warnings(alone.replacing("N", with: "2")).count == 1)
    #expect(
      warnings(
        """
        locks: [gate, a, b]
        processes:
          one: {script: "gate:acquire() a:acquire() b:acquire()", use: [gate, a, b]}
          two: {script: "gate:acquire() b:acquire() a:acquire()", use: [gate, a, b]}
        """
      ).isEmpty)
  }

  /// Seen to fail: a ring of one process; queues that drop, or that the outside empties, not left out.
  @Test func ringsOfBoundedQueues() {
    let ring = """
      queues: {there: 10, back: LONG}
      processes:
        one: {script: "return", out: {there: there}, in: {back: back}}
        two: {script: "return", in: {there: there}, out: {back: back}}
      """
    let found = warnings(ring.replacing("LONG", with: "10"))
    #expect(found.count == 1)
    #expect(found.first?.message.contains("form a ring: one → there → two → back → one") == true)
    #expect(warnings(ring.replacing("LONG", with: "{on_full: drop_old}")).isEmpty)
    #expect(warnings(ring.replacing("LONG", with: "{external: true}")).isEmpty)
    let crawler = "queues: [urls]\nprocesses:\n  crawl: {script: \"return\", in: {urls: urls}, out: {urls: urls}}"
    #expect(warnings(crawler).isEmpty)
  }
}
