import Testing

@testable import Supervisor

/// A table of situations, and the advice that each gets.
struct BottleneckTests {
  private func words(_ loads: [ProcessLoad], _ queues: [QueueFlow], locks: [Int: LockUse] = [:]) -> [String] {
    Bottlenecks(loads: loads, queues: queues, locks: locks, processorCount: 64).words
  }

  /// What is left of its time it works.
  private func load(
    _ name: String, reading: [Int: Double] = [:], writing: [Int: Double] = [:], locks: [Int: Double] = [:],
    timer: Double = 0, outside: Double = 0, command: Double = 0, down: Double = 0, traits: ProcessLoad.Traits = .init(),
    isAlive: Bool = true
  ) -> ProcessLoad {
    let waiting = [reading, writing, locks].map { $0.values.reduce(0, +) }.reduce(timer + outside + command + down, +)
    return ProcessLoad(
      name: name, instances: 1, reading: reading, writing: writing, locks: locks, timer: timer, outside: outside,
      command: command, working: 1 - waiting, down: down, isAlive: isAlive, traits: traits)
  }

  private static let source = ProcessLoad.Traits(isSource: true)

  /// `read` → a → `mid` → b → `sink`
  private let chain = [
    QueueFlow(resource: 0, name: "a", capacity: 1, writers: [0], readers: [1]),
    QueueFlow(resource: 1, name: "b", capacity: 1, writers: [1], readers: [2]),
  ]

  /// Seen to fail: where a process that is held up further on is blamed too.
  @Test func theLastOfAChainIsBlamed() {
    let found = words([load("read", writing: [0: 0.9]), load("mid", writing: [1: 0.9]), load("sink")], chain)
    #expect(found.count == 1 && found[0].hasPrefix("'sink' is too slow for queue 'b': 'mid' waits 90% of its time"))
    #expect(
      found[0].hasSuffix(
        "works 100% of its own: more replicas of 'sink' (now 1) would help, or less to do for each item"))
  }

  /// Seen to fail: one side alone looked at.
  @Test func aQueueThatIsFullAndEmptyWantsRoom() {
    let loads = [load("read", writing: [0: 0.3]), load("eat", reading: [0: 0.4])]
    let found = words(loads, [QueueFlow(resource: 0, name: "a", capacity: 7, writers: [0], readers: [1])])
    #expect(found.count == 1 && found[0].contains("a greater capacity (now 7) would help"))
  }

  /// Seen to fail: waits for locks not looked at; a signal taken for a lock.
  @Test func whatIsHeldForLongIsNamed() {
    let waiting = [load("x", locks: [3: 0.6])]
    #expect(
      words(waiting, [], locks: [3: LockUse(name: "lock 'l'")]) == [
        "lock 'l' is held for long: 'x' waits 60% of its time for it; do less while it is held"
      ])
    #expect(
      words(waiting, [], locks: [3: LockUse(name: "semaphore 's'", bound: 2)]) == [
        "semaphore 's' is held for long: 'x' waits 60% of its time for it; hold it for less, or raise its 'initial' (now 2)"
      ])
    #expect(words(waiting, [], locks: [3: LockUse(name: "semaphore 's'", bound: 0, isSignal: true)]).isEmpty)
    #expect(words([load("x"), load("y", timer: 0.9)], []).isEmpty)
  }

  /// Seen to fail: more replicas of a throttle.
  @Test func aLimitIsLiftedByItsParameter() {
    let throttle = ProcessLoad.Traits(pace: .limit(parameter: "rate"))
    let pressed = [
      load("read", writing: [0: 0.9]), load("mid", timer: 0.95, traits: throttle), load("sink", reading: [1: 0.9]),
    ]
    #expect(
      words(pressed, chain) == [
        "'mid' lets through what its 'rate' allows: 'read' waits 90% of its time for room in queue 'a'; another 'rate' "
          + "lets through more, replicas do not"
      ])
    // One that waits for what comes is no limit now.
    let idle = [
      load("read"), load("mid", reading: [0: 0.9], traits: throttle), load("sink", reading: [1: 0.9]),
    ]
    #expect(words(idle, chain).first?.hasPrefix("'read' is too slow for who reads queue 'a'") == true)
  }

  /// Seen to fail: more replicas of a tick, of who reads standard input, of a command that follows a file.
  @Test(arguments: [
    (0.95, 0.0, 0.0, ProcessLoad.Pace.limit(parameter: "every"), "its 'every' says how fast it is"),
    (0, 0.95, 0, .work, "it waits 95% of its time for standard input"), (0, 0, 0.95, .work, "its command puts no more"),
    (0.95, 0, 0, .work, "it sleeps 95% of its time"),
  ])
  func idleIsNoBottleneck(timer: Double, outside: Double, command: Double, pace: ProcessLoad.Pace, cause: String) {
    let traits = ProcessLoad.Traits(pace: pace, growth: .none("…"), isSource: true)
    let loads = [
      load("read", timer: timer, outside: outside, command: command, traits: traits), load("mid", reading: [0: 0.99]),
      load("sink", reading: [1: 0.99]),
    ]
    #expect(
      words(loads, chain) == [
        "'read' sets the pace: \(cause), and 'mid' waits 99% of its time for items of queue 'a': nothing else in the run "
          + "holds it up"
      ])
  }

  /// Seen to fail: no word, or a writer of the run's own blamed.
  @Test func whatComesFromOutsideIsWaitedFor() {
    let queue = QueueFlow(resource: 0, name: "jobs", capacity: 1, writers: [], readers: [0], use: .external)
    #expect(
      words([load("mid", reading: [0: 0.99])], [queue]) == [
        "'mid' waits 99% of its time for what commands put into queue 'jobs': nothing in the run holds it up"
      ])
  }

  /// Seen to fail: advice to make room, or more of it, for one that is not there.
  @Test func aCrashLoopIsNamed() {
    var down = load("mid", reading: [0: 0.1], down: 0.85)
    down.downReason = "it was started again 12 times, and last exited with code 1"
    let found = words([load("read", writing: [0: 0.9]), down, load("sink", reading: [1: 0.95])], chain)
    #expect(
      found == [
        "'mid' is down 85% of its time: it was started again 12 times, and last exited with code 1; 'mporch logs mid' "
          + "says why"
      ])
  }

  /// Seen to fail: a source that has ended is too slow for who reads what another one writes.
  @Test func whoHasEndedIsNotBlamed() {
    let loads = [
      load("read", isAlive: false), load("mid", reading: [0: 0.9]), load("sink", reading: [1: 0.9], isAlive: false),
    ]
    #expect(words(loads, chain).isEmpty)
  }

  /// Seen to fail: more replicas of it.
  @Test func aCommandThatAnswersNothingIsNotCuredByReplicas() {
    let silent = ProcessLoad.Traits(pace: .unanswered(seconds: 12))
    let found = words(
      [load("read", writing: [0: 0.9]), load("mid", command: 0.95, traits: silent), load("sink", reading: [1: 0.95])],
      chain)
    #expect(
      found.count == 1 && found[0].hasPrefix("'mid' waits for the first answer of its command, and has for 12"),
      "\(found)")
    #expect(found[0].contains("'replies: each'") && !found[0].contains("would help"))
  }

  /// Seen to fail: replicas of what there can be but one of; of a pool, whose word is 'size'.
  @Test func moreOfItIsAdvisedWhereThereCanBeMore() {
    func advice(_ growth: ProcessLoad.Growth) -> String {
      let traits = ProcessLoad.Traits(growth: growth)
      return words([load("read", writing: [0: 0.9]), load("mid", traits: traits)], [chain[0]])[0]
    }
    #expect(advice(.size).hasSuffix("a greater 'size' of pool 'mid' (now 1) would help, or less to do for each item"))
    #expect(
      advice(.none("there can be but one 'mid'")).hasSuffix(
        "less to do for each item would help; there can be but one 'mid'"))
  }

  /// Seen to fail: more of those that have no processor to run on.
  @Test func moreIsNotAdvisedWhereTheProcessorsAreBusy() {
    let loads = [load("read", writing: [0: 0.9]), load("mid")]
    let found = Bottlenecks(loads: loads, queues: [chain[0]], locks: [:], processorCount: 1).words
    #expect(found.count == 1 && found[0].hasSuffix("more of it would not: the 1 processors have enough to do"))
  }

  /// Seen to fail: who calls a pool blamed because its workers have nothing to do.
  @Test func anIdlePoolIsNoBottleneck() {
    let tasks = QueueFlow(resource: 0, name: "p tasks", capacity: 1, writers: [0], readers: [1], use: .requests)
    #expect(words([load("main"), load("p", reading: [0: 0.99])], [tasks]).isEmpty)
    let replies = QueueFlow(resource: 1, name: "p replies", capacity: 1, writers: [1], readers: [0], use: .replies)
    let busy = [load("main", reading: [1: 0.9]), load("p", traits: .init(growth: .size))]
    let found = words(busy, [tasks, replies])
    #expect(found.count == 1 && found[0].hasPrefix("'p' is too slow for who waits for its answers: 'main' waits 90%"))
  }
}
