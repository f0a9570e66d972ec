import Glibc
import Sharing

/// A scenario, played once by a schedule.
final class ScheduledPlay {
  private let stage: Stage
  private let schedule: Schedule
  private let orders: Orders
  /// What victim and others touch, where that is to be known.
  private let touched: (victim: LineMap, others: LineMap)?
  private var victim: Tracee
  private var others: Others?
  private var end: Tracee.Stop?

  init(
    _ stage: Stage, _ schedule: Schedule, marked: LineMap?, touched: (victim: LineMap, others: LineMap)? = nil
  ) throws {
    self.stage = stage
    self.schedule = schedule
    self.touched = touched
    let orders = try Orders()
    self.orders = orders
    stage.clearOutput()
    if stage.victim != nil, schedule.beginning == .before { others = try Self.begin(stage, schedule, touched?.others) }
    victim = try Tracee(watching: stage.memory, .accesses(marked: marked, touched: touched?.victim)) {
      if let worker = stage.victim { stage.become(worker) }
      Supervision(stage, orders).run(Self.parts(stage, schedule))
    }
    if stage.victim == nil { try beginBelowVictim() }
  }

  deinit {
    victim.end()
    others?.end()
  }

  /// How often the victim was about to touch a marked line, and how often it has written, before it was free.
  var touchCount: Int { victim.touchCount }
  var writeCount: Int { victim.writeCount }
  private var scenario: Scenario { stage.scenario }

  // MARK: The others

  /// What the supervisor begins, the victim's life apart.
  private static func parts(_ stage: Stage, _ schedule: Schedule) -> [Supervision.Part] {
    let workers = schedule.isOrderReversed ? stage.others.reversed() : stage.others
    let duty = stage.scenario.duty.map(Supervision.Part.duty)
    // As the victim it has them beside it.
    return stage.victim == nil
      ? workers.map { .worker($0) } + [duty].compactMap(\.self) : [duty].compactMap(\.self) + workers.map { .worker($0) }
  }

  private static func begin(_ stage: Stage, _ schedule: Schedule, _ touched: LineMap?) throws -> Others {
    let parts = parts(stage, schedule)
    let others = try Others(stage, parts, touched: touched)
    for _ in parts { try others.letNextBegin() }
    return others
  }

  /// The supervisor is the victim, and nobody's death ends it.
  private func beginBelowVictim() throws {
    orders.fate = .ended
    orders.holdsNewborn = true
    orders.begun = Self.parts(stage, schedule).count
    others = Others(stage, of: victim.pid, orders)
  }

  private func letOthersGo() throws {
    if let others { return try others.letGo() }
    others = try Self.begin(stage, schedule, touched?.others)
  }

  // MARK: Up to the last suspension

  /// To the last suspension; the others have not run there yet.
  func advance() throws {
    for (index, touch) in schedule.suspensions.enumerated() {
      try run(toTouch: touch)
      if end != nil { return }
      if index < schedule.suspensions.count - 1 { try letOthersGo() }
    }
  }

  private func run(toTouch touch: Int?) throws {
    var idleRounds = 0
    while end == nil {
      switch try victim.goOn(toTouch: touch) {
      case .touches, .changed: return
      case .exited(let code): end = .exited(code: code)
      case .crashed(let signal): end = .crashed(signal: signal)
      case .blocked:
        try victim.pause()
        let before = Array(stage.memory)
        try letOthersGo()
        idleRounds = stage.hasMemory(before) ? idleRounds + 1 : 0
        // Who waits for some time only has it by then.
        if idleRounds > 1 { usleep(10_000) }
        if idleRounds > 100 { throw finding("nobody disturbed it, and it waits for ever") }
      }
    }
  }

  // MARK: To the end

  /// The others run at the last suspension; then all go on to their end, and what came out is looked at.
  func finish() throws {
    if end == nil, !schedule.suspensions.isEmpty { try letOthersGo() }
    if end == nil, schedule.isKilled {
      victim.end()
      return try check(try finish(.killed), scenario.outcome)
    }
    if end == nil, schedule.suspensions.isEmpty { try run(toTouch: nil) }
    try check(try goOnToEnd(), scenario.wholeOutcome ?? scenario.outcome)
  }

  /// The victim goes on alone until it waits; then all go on.
  private func goOnToEnd() throws -> String? {
    if end == nil { end = try victim.goFree() }
    switch end {
    case nil: return try allOthers().finish(beside: victim.pid)
    case .exited(code: 0): return stage.victim == nil ? others?.failure : try finish(.ended)
    case .exited(let code): return "the victim ended with code \(code)"
    case .crashed(let signal): return "the victim was ended by signal \(signal)"
    case .changed, .touches, .blocked: preconditionFailure("not an end")
    }
  }

  private func finish(_ fate: Fate) throws -> String? {
    let others = try allOthers()
    others.tell(fate)
    return others.finish(beside: nil)
  }

  private func allOthers() throws -> Others {
    if let others { return others }
    let others = try Others(stage, Self.parts(stage, schedule), touched: touched?.others)
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
