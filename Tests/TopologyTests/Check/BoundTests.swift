import Limits
import Testing
import Topology

/// The bounds of what a run's memory holds: at each, and one past it.
@Suite struct BoundTests {
  /// `file`: with `N` for the number. The rest is of the kinds that need no more than that.
  struct Bound: Sendable {
    var file: String
    var limit: Int
    var words: String
  }

  static let bounds = [
    Bound(file: "queues: {q: N}", limit: Limit.count.upperBound, words: "the capacity of queue 'q'"),
    Bound(file: "queues: {q: {capacity: N}}", limit: Limit.count.upperBound, words: "'capacity' of queue 'q'"),
    Bound(file: "queues: {q: {bytes: N}}", limit: Limit.byteCount.upperBound, words: "'bytes' of queue 'q'"),
    Bound(
      file: "queues: {q: {max_deliveries: N}}", limit: Limit.count.upperBound, words: "'max_deliveries' of queue 'q'"),
    Bound(file: "pipes: {p: {bytes: N}}", limit: Limit.byteCount.upperBound, words: "'bytes' of pipe 'p'"),
    Bound(
      file: "arrays: {a: {type: int8, length: N}}", limit: Limit.arrayLength.upperBound, words: "'length' of array 'a'"),
    Bound(file: "arrays: {a: 'int8[N]'}", limit: Limit.arrayLength.upperBound, words: "the length of array 'a'"),
    Bound(
      file: "semaphores: {s: N}", limit: Limit.semaphoreCount.upperBound, words: "the initial count of semaphore 's'"),
    Bound(
      file: "semaphores: {s: {initial: N}}", limit: Limit.semaphoreCount.upperBound, words: "'initial' of semaphore 's'"
    ),
    Bound(file: "barriers: {b: N}", limit: Limit.count.upperBound, words: "the number of parties of barrier 'b'"),
    Bound(
      file: "barriers: {b: {parties: N}}", limit: Limit.count.upperBound, words: "'parties' of barrier 'b'"),
  ]

  private func errors(_ bound: Bound, _ number: Int) -> [Diagnostic] {
    let file = bound.file.replacing("N", with: "\(number)")
    let text = "\(file)\nprocesses: {p: {run: 'true'}}"
    return Loading(text).result().diagnostics.filter { $0.severity == .error }
  }

  /// Seen to fail: one past it taken.
  @Test(arguments: bounds.indices) func theLimitIsTakenAndOnePastItIsRefusedByName(index: Int) throws {
    let bound = Self.bounds[index]
    #expect(!errors(bound, bound.limit).contains { $0.message.contains(bound.words) })
    let refusal = try #require(errors(bound, bound.limit + 1).first { $0.message.contains(bound.words) })
    #expect(refusal.message.contains("\(bound.limit)") && refusal.message.contains("\(bound.limit + 1)"))
    #expect(refusal.place?.line == 1)
  }

  /// Seen to fail: the shell of a long name cut off in silence.
  @Test(arguments: [0, 1]) func namesAreBoundedToo(past: Int) {
    let name = String(repeating: "n", count: Limit.nameLength + past)
    let diagnostics = Loading("queues: {\(name): {external: true}}\nprocesses: {p: {task: discard, in: \(name)}}")
      .result()
      .diagnostics
    #expect(diagnostics.contains { $0.message.contains("and the most is 63") } == (past == 1))
  }

  /// Seen to fail: one past it taken.
  @Test(arguments: [0, 1]) func instancesOfAProcessAreBounded(past: Int) {
    let count = Limit.replicas.upperBound + past
    let diagnostics = Loading("processes: {p: {run: 'true', replicas: \(count)}}").result().diagnostics
    #expect(diagnostics.contains { $0.message.contains("10000") } == (past == 1))
  }

  /// What has no limit but memory.
  /// Seen to fail: the outputs past the 48th of a process got nothing, in silence.
  @Test func aProcessWritesToAsManyAsItNames() {
    let names = (0..<500).map { "q\($0)" }
    let text = """
      queues: {\(names.map { "\($0): {external: true}" }.joined(separator: ", "))}
      processes: {p: {task: tick, with: {every: 1s}, out: [\(names.joined(separator: ", "))]}}
      """
    #expect(Loading(text).report == "")
  }
}
