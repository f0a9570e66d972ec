import Testing

@testable import Supervisor

struct WaitGraphTests {
  private func waits(for candidates: Int...) -> WaitGraph.Standing { .waits(needs: [[candidates]]) }

  /// Seen to fail: whoever waits taken for able to do it.
  @Test func twoThatWaitForEachOtherAreStuck() {
    let graph = WaitGraph([waits(for: 1), waits(for: 0), .movable])
    #expect(graph.stuck == [0, 1])
    #expect(graph.cores(of: graph.stuck) == [[0, 1]])
  }

  /// Seen to fail: all candidates asked for.
  @Test func oneWhoMayComeIsEnough() {
    #expect(WaitGraph([waits(for: 1), waits(for: 0, 2), .movable]).stuck == [])
    #expect(WaitGraph([.waits(needs: [[[1], [2]]]), waits(for: 0), .movable]).stuck == [])
  }

  /// Seen to fail: a candidate that is gone counts.
  @Test func nobodyIsLeftToDoIt() {
    #expect(WaitGraph([waits()]).stuck == [0])
    #expect(WaitGraph([waits(for: 1), .gone]).stuck == [0])
    #expect(WaitGraph([waits(for: 0)]).stuck == [0])
    #expect(WaitGraph([waits(for: 0)]).cores(of: [0]) == [[0]])
  }

  /// Seen to fail: one met need is enough.
  @Test func everyNeedHasToBeMet() {
    #expect(WaitGraph([.waits(needs: [[[1]], [[2]]]), waits(), .movable]).stuck == [0, 1])
    #expect(WaitGraph([.waits(needs: [[[1]], [[2]]]), .movable, .movable]).stuck == [])
    #expect(WaitGraph([.waits(needs: [])]).stuck == [])
  }

  /// Seen to fail: a core need not hold all whom it waits for.
  @Test func whoOnlyWaitsBehindIsNoCore() {
    let graph = WaitGraph([waits(for: 1), waits(for: 0), waits(for: 1), waits(for: 2, 4), waits(for: 4)])
    #expect(graph.stuck == [0, 1, 2, 3, 4])
    #expect(graph.cores(of: graph.stuck).sorted { $0[0] < $1[0] } == [[0, 1], [4]])
  }

  /// Seen to fail: one pass over all.
  @Test func aChainHoweverLongEndsAtWhoMayMove() {
    let count = 20_000
    let chain = (0..<count).map { waits(for: $0 + 1) }
    #expect(WaitGraph(chain + [.movable]).stuck == [])
    #expect(WaitGraph([.movable] + (0..<count).map { waits(for: $0) }).stuck == [])
    let graph = WaitGraph(chain + [waits(for: count - 1)])
    #expect(graph.stuck.count == count + 1)
    #expect(graph.cores(of: graph.stuck) == [[count - 1, count]])
  }

  /// By its definition: no smaller answer, and none larger, keeps every member waiting for members alone.
  /// Seen to fail: whoever waits taken for able to do it.
  @Test func randomGraphsAgreeWithTheDefinition() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...6, using: &random)
      let members = (0..<count).map { _ in Self.randomStanding(count, using: &random) }
      #expect(WaitGraph(members).stuck == Self.largestClosedSet(members), "\(members)")
    }
  }

  private static func randomStanding(_ count: Int, using random: inout SystemRandomNumberGenerator)
    -> WaitGraph.Standing
  {
    switch Int.random(in: 0...9, using: &random) {
    case 0: return .movable
    case 1: return .gone
    default:
      let needs = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        [(0..<count).filter { _ in Int.random(in: 0...2, using: &random) == 0 }]
      }
      return .waits(needs: needs)
    }
  }

  private static func largestClosedSet(_ members: [WaitGraph.Standing]) -> [Int] {
    let sets = (0..<(1 << members.count)).map { bits in members.indices.filter { bits >> $0 & 1 == 1 } }
    return sets.filter { isClosed($0, members) }.max { $0.count < $1.count } ?? []
  }

  private static func isClosed(_ set: [Int], _ members: [WaitGraph.Standing]) -> Bool {
    set.allSatisfy { member in
      guard case .waits(let needs) = members[member] else { return false }
      return needs.contains { need in
        need.joined().allSatisfy { candidate in
          if case .gone = members[candidate] { true } else { set.contains(candidate) }
        }
      }
    }
  }
}
