import Testing

@testable import Supervisor

struct BottleneckTests {
  private func words(_ loads: [ProcessLoad], _ queues: [QueueFlow]) -> [String] {
    Bottlenecks(loads: loads, queues: queues) { "lock \($0)" }.words
  }

  private func load(
    _ name: String, reading: [Int: Double] = [:], writing: [Int: Double] = [:], locks: [Int: Double] = [:],
    own: Double = 0
  ) -> ProcessLoad {
    let waiting = [reading, writing, locks].map { $0.values.reduce(0, +) }.reduce(own, +)
    return ProcessLoad(
      name: name, instances: 1, reading: reading, writing: writing, locks: locks, own: own, working: 1 - waiting)
  }

  /// Seen to fail: where a process that is held up further on is blamed too.
  @Test func theLastOfAChainIsBlamed() {
    let loads = [load("read", writing: [0: 0.9]), load("mid", writing: [1: 0.9]), load("sink")]
    let queues = [
      QueueFlow(resource: 0, name: "a", capacity: 1, writers: [0], readers: [1]),
      QueueFlow(resource: 1, name: "b", capacity: 1, writers: [1], readers: [2]),
    ]
    let found = words(loads, queues)
    #expect(found.count == 1 && found[0].hasPrefix("'sink' is too slow for queue 'b': 'mid' waits 90% of its time"))
  }

  /// Seen to fail: one side alone looked at.
  @Test func aQueueThatIsFullAndEmptyWantsRoom() {
    let loads = [load("read", writing: [0: 0.3]), load("eat", reading: [0: 0.4])]
    let found = words(loads, [QueueFlow(resource: 0, name: "a", capacity: 7, writers: [0], readers: [1])])
    #expect(found.count == 1 && found[0].contains("a greater capacity (now 7) would help"))
  }

  /// Seen to fail: waits for locks not looked at.
  @Test func whatIsHeldForLongIsNamed() {
    #expect(
      words([load("x", locks: [3: 0.6])], []) == [
        "lock 3 is held for long: 'x' waits 60% of its time for it; do less while it is held"
      ])
    #expect(words([load("x"), load("y", own: 0.9)], []).isEmpty)
  }
}
