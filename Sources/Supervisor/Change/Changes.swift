internal import Topology

/// Changes of the topology that commands ask for, by `up` again and by `scale`: makes what is to be, and has one of them
/// under way at a time.
final class Changes {
  /// Reads a topology; what this one was made of.
  private let source: TopologySource
  private var made: TopologySource.Made
  private(set) var ongoing: OngoingChange?
  private var postponed: [(request: ControlRequest, session: ControlSession)] = []

  init(_ source: TopologySource, _ made: TopologySource.Made) {
    self.source = source
    self.made = made
  }

  // MARK: What is asked for

  /// `up` again.
  func plan(_ request: StartRequest, _ check: ChangeCheck) throws(Refusal) -> PlannedChange {
    try check.plan(try source.make(request))
  }

  func plan(scaledTo counts: [String: Int], _ check: ChangeCheck) throws(Refusal) -> PlannedChange {
    do throws(Refusal) {
      for name in counts.keys.sorted() { try check.checkScalable(name, made) }
      // A pool is scaled by the number of its workers, which are mporch's own.
      let services = counts.filter { name, _ in check.pool(named: name) != nil }
      var request = made.request
      request.scale.merge(counts.filter { services[$0.key] == nil }) { $1 }
      return try check.plan(try remade(request, counts), services: services)
    } catch {
      // What is invalid then is not the file.
      throw Refusal(error.message, help: error.help, exitCode: error.exitCode == 65 ? 1 : error.exitCode)
    }
  }

  /// Of the same files with other numbers. What is wrong then is not the files.
  private func remade(_ request: StartRequest, _ counts: [String: Int]) throws(Refusal) -> TopologySource.Made {
    do throws(InvalidTopology) {
      return try source.make(request, of: made.record)
    } catch {
      let numbers = counts.keys.sorted().map { "\($0)=\(counts[$0] ?? 0)" }.joined(separator: " ")
      let reasons = error.errors.map(\.message)
      throw Refusal(
        "the run can't be scaled to \(numbers): "
          + (reasons.isEmpty ? error.refusal.message : reasons.joined(separator: "; ")), exitCode: 1)
    }
  }

  // MARK: One at a time

  /// What comes while one is under way waits for its end. False: none is.
  func postpone(_ request: ControlRequest, _ session: ControlSession) -> Bool {
    if ongoing != nil { postponed.append((request, session)) }
    return ongoing != nil
  }

  /// The first of them may begin another one.
  func takePostponed() -> [(request: ControlRequest, session: ControlSession)] {
    defer { postponed = [] }
    return postponed
  }

  func remove(_ session: ControlSession) { postponed.removeAll { $0.session === session } }

  func begin(_ change: OngoingChange) { ongoing = change }

  /// All that it stops have ended: it is to take effect.
  func takeReady() -> OngoingChange? {
    guard let change = ongoing, change.isReady else { return nil }
    ongoing = nil
    made = change.planned.made
    return change
  }

  /// It can't come about any more.
  func abandon() -> OngoingChange? { ongoing.take() }

  /// Who asked for the change is told.
  func recordKill(of instance: Instance) {
    if ongoing?.stopped.contains(where: { $0 === instance }) == true { ongoing?.killed.append(instance.name) }
  }
}

/// A change of the topology that takes effect once all that it stops have ended. Until then their ends stay open: a
/// queue whose writer is exchanged for another does not end in between.
struct OngoingChange {
  let planned: PlannedChange
  let session: ControlSession
  /// Those that will not come back.
  let leaving: [Instance]
  /// Those that will, as what the file says now.
  let restarted: [Instance]
  /// Of these, who was not to run: stopped by a command.
  let resting: Set<Int>
  var killed: [String] = []

  init(_ planned: PlannedChange, _ life: RunLife, _ session: ControlSession) {
    self.planned = planned
    self.session = session
    leaving = planned.plan.processes.flatMap { life.leaving($0) }
    restarted = planned.plan.processes.filter(\.isRestarted).flatMap { life.staying($0) }
    resting = Set(restarted.filter(\.isResting).map(\.index))
  }

  var stopped: [Instance] { leaving + restarted }
  var isReady: Bool { stopped.allSatisfy { $0.state.life == nil } }

  var report: ChangeReport {
    var report = planned.report
    report.killed = killed
    return report
  }
}

extension Instance {
  /// Stopped by a command, or on its way there.
  fileprivate var isResting: Bool {
    switch state {
    case .stopped: true
    case .stopping(_, let stop): stop.then == .rest
    default: false
    }
  }
}
