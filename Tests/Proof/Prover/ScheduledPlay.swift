import Glibc
import Sharing

/// A scenario, played once by a schedule.
final class ScheduledPlay {
  private let stage: Stage
  private let schedule: Schedule
  private let watch: Watches
  private let orders: Orders
  private var victim: Tracee
  private var rival: Tracee?
  private var others: Others?
  private var ends: [Stepped: Tracee.Stop] = [:]

  /// Where the stepped ones may be suspended, and what is to be known of what they and the others touch.
  struct Watches {
    var marked: [Stepped: LineMap] = [:]
    var logs: [Stepped: TouchLog] = [:]
    var touched: [Stepped: LineMap] = [:]
    var touchedByOthers: LineMap?

    func watch(of stepped: Stepped) -> Watch {
      .accesses(marked: marked[stepped], touched: touched[stepped], log: logs[stepped])
    }
  }

  init(_ stage: Stage, _ schedule: Schedule, _ watch: Watches) throws {
    self.stage = stage
    self.schedule = schedule
    self.watch = watch
    let orders = try Orders()
    self.orders = orders
    stage.clearOutput()
    if stage.victim != nil, schedule.beginning == .before { others = try Self.begin(stage, schedule, watch) }
    victim = try Tracee(watching: stage.memory, watch.watch(of: .victim)) {
      if let worker = stage.victim { stage.become(worker) }
      Supervision(stage, orders, touchedByWorkers: watch.touchedByOthers).run(Self.parts(stage, schedule))
    }
    if stage.victim == nil { beginBelowVictim() }
  }

  deinit {
    victim.end()
    rival = nil
    others?.end()
  }

  /// How often the victim was about to touch a marked line, and how often it has written, before it was free.
  var touchCount: Int { victim.touchCount }
  var writeCount: Int { victim.writeCount }
  var rivalTouchCount: Int { rival?.touchCount ?? 0 }
  private var scenario: Scenario { stage.scenario }

  // MARK: The others

  /// What the supervisor begins: not the stepped ones.
  private static func parts(_ stage: Stage, _ schedule: Schedule) -> [Supervision.Part] {
    let others = stage.others.filter { schedule.rivalTouch == nil || $0 != stage.rival }
    let workers = (schedule.isOrderReversed ? others.reversed() : others).map(Supervision.Part.worker)
    let duty = [stage.scenario.duty.map(Supervision.Part.duty)].compactMap(\.self)
    // As the victim it has them beside it.
    return stage.victim == nil ? workers + duty : duty + workers
  }

  private static func begin(_ stage: Stage, _ schedule: Schedule, _ watch: Watches) throws -> Others {
    let parts = parts(stage, schedule)
    let others = try Others(stage, parts, rivalLives: schedule.rivalTouch != nil, touched: watch.touchedByOthers)
    for _ in parts { try others.letNextBegin() }
    return others
  }

  /// The supervisor is the victim, and nobody's death ends it.
  private func beginBelowVictim() {
    orders[.victim] = .absent
    orders.isGateClosed = true
    orders.begun = Self.parts(stage, schedule).count
    others = Others(stage, of: victim.pid, orders)
  }

  private func letOthersGo() throws {
    if let others { return try others.letGo() }
    others = try Self.begin(stage, schedule, watch)
  }

  // MARK: Up to the last suspension

  /// To the last suspension; nobody else has run there yet.
  func advance() throws {
    for (index, touch) in schedule.suspensions.enumerated() {
      try run(.victim, toTouch: touch)
      if ends[.victim] != nil { return }
      if index < schedule.suspensions.count - 1 { try letOthersGo() }
    }
  }

  private func run(_ stepped: Stepped, toTouch touch: Int?) throws {
    var idleRounds = 0
    while ends[stepped] == nil {
      switch try goOn(stepped, toTouch: touch) {
      case .touches, .changed: return
      case .exited(let code): ends[stepped] = .exited(code: code)
      case .crashed(let signal): ends[stepped] = .crashed(signal: signal)
      case .blocked:
        let before = Array(stage.memory)
        try letOthersGo()
        // The rival may wait for the victim, and is left there.
        if stepped == .rival { return }
        idleRounds = stage.hasMemory(before) ? idleRounds + 1 : 0
        // Who waits for some time only has it by then.
        if idleRounds > 1 { usleep(10_000) }
        if idleRounds > 100 { throw finding("nobody disturbed it, and it waits for ever") }
      }
    }
  }

  private func goOn(_ stepped: Stepped, toTouch touch: Int?) throws -> Tracee.Stop {
    switch stepped {
    case .victim: try victim.goOn(toTouch: touch)
    case .rival: try rival!.goOn(toTouch: touch)
    }
  }

  // MARK: At the last suspension

  private func runAtLastSuspension() throws {
    guard let touch = schedule.rivalTouch, let worker = stage.rival else {
      return schedule.suspensions.isEmpty ? () : try letOthersGo()
    }
    rival = try Tracee(watching: stage.memory, watch.watch(of: .rival)) { [stage] in stage.become(worker) }
    try run(.rival, toTouch: touch)
  }

  // MARK: To the end

  /// The others run at the last suspension; then all go on to their end, and what came out is looked at.
  func finish() throws {
    if ends[.victim] == nil || schedule.rivalTouch != nil { try runAtLastSuspension() }
    if ends[.victim] == nil, schedule.isKilled {
      victim.end()
      return try check(try finish(.killed), scenario.outcome)
    }
    if ends[.victim] == nil, schedule.suspensions.isEmpty { try run(.victim, toTouch: nil) }
    try check(try goOnToEnd(), scenario.wholeOutcome ?? scenario.outcome)
  }

  /// The victim goes on alone until it waits; then all go on.
  private func goOnToEnd() throws -> String? {
    if ends[.victim] == nil { ends[.victim] = try victim.goFree() }
    for (stepped, end) in ends {
      switch end {
      case .exited(code: 0): break
      case .exited(let code): return "the \(stepped) ended with code \(code)"
      case .crashed(let signal): return "the \(stepped) was ended by signal \(signal)"
      case .changed, .touches, .blocked: preconditionFailure("not an end")
      }
    }
    if stage.victim == nil { return ends[.victim] == nil ? others?.finish(beside: [:]) : others?.failure }
    return try finish(ends[.victim] == nil ? nil : .ended)
  }

  /// `fate`: of the victim; `nil`: it lives.
  private func finish(_ fate: Fate?) throws -> String? {
    let others = try self.others ?? begun()
    var free: [Stepped: Int32] = [:]
    if let fate { others.tell(fate, of: .victim) } else { free[.victim] = victim.pid }
    if schedule.rivalTouch != nil {
      if ends[.rival] == nil, rival != nil {
        free[.rival] = rival!.setFree()
      } else {
        others.tell(.ended, of: .rival)
      }
    }
    return others.finish(beside: free)
  }

  private func begun() throws -> Others {
    let others = try Others(
      stage, Self.parts(stage, schedule), rivalLives: schedule.rivalTouch != nil, touched: watch.touchedByOthers)
    self.others = others
    return others
  }

  private func check(_ failure: String?, _ outcome: Scenario.Outcome) throws {
    var failure = failure
    if failure == nil, !scenario.after.isEmpty { failure = try stage.run(stage.workers(of: scenario.after)) }
    let printed = stage.printed
    guard failure == nil, outcome.accepts(printed) else {
      throw finding("\(failure ?? "not as \(outcome)"); printed \(printed.debugDescription)")
    }
  }

  private func finding(_ what: String) -> Disturbance {
    Disturbance(scenario: scenario.name, schedule: schedule, address: victim.address, what: what)
  }
}
