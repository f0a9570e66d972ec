import Testing
import Topology

@testable import Supervisor

/// A run without processes: what the tables say is done to a world of numbers, in which everything may happen at any
/// time. It does what `Run` does, and checks that what it is told to do makes sense.
final class SimulatedRun {
  private(set) var life: RunLife
  private var errands = Errands<Int>()
  private(set) var openRequests: Set<Int> = []
  private var requestCount = 0
  private var random: Random
  private var lastPID: Int32 = 0
  /// By instance: what a timer, or a death that is certain, will bring.
  private var pauses: Set<Int> = []
  private var graces: Set<Int> = []
  private var doomed: Set<Int> = []
  /// Whose ends are given up.
  private var closed: Set<Int> = []
  private var change: (leaving: [Instance], restarted: [Instance], resting: Set<Int>)?
  private var happened: [(name: String, event: LifeEvent, before: InstanceState, after: InstanceState)] = []

  init(_ topology: Topology, seed: UInt64) {
    random = Random(seed)
    let instances = InstancePlan.all(of: topology).enumerated().map { index, plan in
      Instance(
        index: index, plan: plan, declaration: SharedDeclaration(topology.processes[plan.process]),
        upStreams: UpStreamUse())
    }
    life = RunLife(topology, instances: instances)
    settle()
  }

  var hasEnded: Bool { life.haveAllEnded }

  /// The last of what happened, for who has to find out why.
  var story: String {
    happened.suffix(60).map { "\($0.name) \($0.event): \($0.before) -> \($0.after)" }.joined(separator: "\n")
      + "\n\(life.phase)"
  }

  // MARK: What may happen

  /// Anything.
  func step() {
    switch random.next(below: 24) {
    case 0...7: seeDeath()
    case 8, 9: endPause()
    case 10: endGracePeriod()
    case 11: if let instance = random.element(of: life.instances) { take(.faulted(reason: "fault"), of: instance) }
    case 12...14: command(.stop(grace: random.next(below: 2) == 0 ? nil : .seconds(1)), .rest)
    case 15...17: command(.start, .life)
    case 18...20: command(.restart(grace: nil), .life)
    default: beginChange()
    }
    settle()
  }

  func down() {
    let wasRunning = life.phase.course == .running
    for happening in life.stop(signal: nil, gracePeriod: random.next(below: 2) == 0 ? nil : .seconds(1)) {
      take(happening.event, of: happening.instance)
    }
    if wasRunning {
      answer(errands.overtake(life.instances, goal: .rest, by: "down"))
      change = nil
    }
    settle()
  }

  func kill() {
    for happening in life.kill() { take(happening.event, of: happening.instance) }
    settle()
  }

  /// Time passes: processes that were told to end do so, or are killed. Nobody asks for anything. False: nothing more
  /// will happen by itself.
  func pass() -> Bool {
    let dying = life.instances.filter { doomed.contains($0.index) || graces.contains($0.index) }
    if let instance = random.element(of: dying) {
      if doomed.contains(instance.index) || random.next(below: 2) == 0 { die(instance) } else { late(instance) }
    } else if !pauses.isEmpty {
      endPause()
    } else {
      return false
    }
    settle()
    return true
  }

  private func seeDeath() {
    if let instance = random.element(of: life.instances.filter { $0.state.life != nil }) { die(instance) }
  }

  private func die(_ instance: Instance) {
    var death = LifeEvent.Death(outcome: .failed(reason: "failed"), lived: .zero)
    switch random.next(below: 4) {
    case 0: death.outcome = .succeeded(byEndOfStream: false)
    case 1: death.outcome = .succeeded(byEndOfStream: true)
    case 2:
      (death.absorbed, death.keepsState, death.isFinal) = (1, random.next(below: 2) == 0, random.next(below: 2) == 0)
    default: break
    }
    doomed.remove(instance.index)
    take(.died(death), of: instance)
  }

  private func endPause() {
    if let instance = random.element(of: life.instances.filter { pauses.contains($0.index) }) {
      pauses.remove(instance.index)
      take(.pauseIsOver, of: instance)
    }
  }

  private func endGracePeriod() {
    if let instance = random.element(of: life.instances.filter { graces.contains($0.index) }) { late(instance) }
  }

  private func late(_ instance: Instance) {
    graces.remove(instance.index)
    take(.gracePeriodIsOver, of: instance)
  }

  /// As the run does, it takes none while a change is under way, or when it stops.
  private func command(_ event: LifeEvent, _ goal: Errands<Int>.Goal) {
    guard life.phase.course == .running, change == nil, let one = random.element(of: life.instances) else { return }
    let targets = random.next(below: 2) == 0 ? [one] : life.byProcess[one.declaration.name] ?? []
    answer(errands.overtake(targets, goal: goal, by: "\(event)"))
    requestCount += 1
    openRequests.insert(requestCount)
    let isNewLife = if case .restart = event { true } else { false }
    errands.add("\(event)", goal, targets, isNewLife: isNewLife, requestCount)
    for instance in targets {
      for happening in life.happenings(event, of: instance) { take(happening.event, of: happening.instance) }
    }
  }

  private func beginChange() {
    guard life.phase.course == .running, change == nil, let one = random.element(of: life.instances) else { return }
    let all = life.byProcess[one.declaration.name] ?? []
    let leaves = all.count > 1 && random.next(below: 2) == 0
    let resting = all.filter {
      if case .stopping(_, let stop) = $0.state { stop.then == .rest } else { $0.state == .stopped }
    }
    let leaving = leaves ? [all[all.count - 1]] : []
    answer(errands.overtake(leaving, goal: .rest, by: "change"))
    change = (leaving, leaves ? [] : all, Set(resting.map(\.index)))
    for instance in leaving + (leaves ? [] : all) { take(.halt(grace: nil), of: instance) }
  }

  private func advanceChange() {
    guard let change, (change.leaving + change.restarted).allSatisfy({ $0.state.life == nil }) else { return }
    self.change = nil
    for instance in change.restarted where !change.resting.contains(instance.index) {
      for happening in life.happenings(.relinked, of: instance) { take(happening.event, of: happening.instance) }
    }
    life.arrange(life.instances.filter { instance in !change.leaving.contains { $0 === instance } })
  }

  // MARK: What is done

  private func take(_ event: LifeEvent, of instance: Instance) {
    let before = instance.state
    let deeds = instance.life.take(event, while: life.phase.course)
    happened.append((instance.name, event, before, instance.state))
    if !instance.state.isOfSameSort(as: before) {
      pauses.remove(instance.index)
      graces.remove(instance.index)
    }
    for deed in deeds { carryOut(deed, for: instance) }
  }

  private func carryOut(_ deed: LifeDeed, for instance: Instance) {
    let index = instance.index
    switch deed {
    case .begin:
      #expect(instance.state == .pending && !closed.contains(index) && life.phase.course == .running, "\(story)")
      if random.next(below: 20) == 0 {
        take(.couldNotBegin(reason: "full"), of: instance)
      } else {
        lastPID += 1
        take(.began(.init(pid: lastPID, startedAt: 0)), of: instance)
      }
    case .tellToStop, .hurry:
      #expect(instance.state.life != nil, "\(story)")
      if !doomed.contains(index) { graces.insert(index) }
    case .kill:
      #expect(instance.state.life != nil, "\(story)")
      graces.remove(index)
      doomed.insert(index)
      errands.recordKill(of: instance)
    case .pause: pauses.insert(index)
    case .open: #expect(closed.remove(index) != nil, "\(story)")
    case .conclude: #expect(closed.insert(index).inserted, "\(story)")
    }
  }

  private func answer(_ answers: [(client: Int, answer: Errands<Int>.Answer)]) {
    for (client, _) in answers { #expect(openRequests.remove(client) != nil, "answered twice\n\(story)") }
  }

  private func settle() {
    for round in 0... {
      if !draw() { break }
      #expect(round < 50, "no end of conclusions\n\(story)")
      if round == 50 { break }
    }
    check()
  }

  private func draw() -> Bool {
    let before = life.instances.map(\.life)
    if life.fatalFailure != nil { down() }
    for happening in life.conclusions(isChanging: change != nil) { take(happening.event, of: happening.instance) }
    advanceChange()
    answer(errands.answers())
    return life.instances.map(\.life) != before
  }

  // MARK: What must hold

  /// Whoever is anywhere has something that leads on.
  private func check() {
    let isStopping = life.phase.course == .stopping
    for instance in life.instances {
      let isRight =
        switch instance.state {
        case .running: !closed.contains(instance.index)
        case .stopping: graces.contains(instance.index) || doomed.contains(instance.index)
        case .pending: !isStopping && life.dependencies(of: instance).isWaiting
        case .restarting: !isStopping && pauses.contains(instance.index)
        case .stopped: !isStopping && !closed.contains(instance.index)
        case .ended: closed.contains(instance.index)
        }
      #expect(isRight, "\(instance.name) is \(instance.state)\n\(story)")
    }
    if isStopping, change != nil { Issue.record("a change of a run that stops\n\(story)") }
  }
}

extension DependencyVerdict {
  fileprivate var isWaiting: Bool { if case .waits = self { true } else { false } }
}

/// The same for the same seed (SplitMix64).
struct Random {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next(below bound: UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return (value ^ (value >> 31)) % bound
  }

  mutating func element<Element>(of list: [Element]) -> Element? {
    list.isEmpty ? nil : list[Int(next(below: UInt64(list.count)))]
  }
}
