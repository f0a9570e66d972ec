internal import Glibc
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology
internal import Workers

/// Where the workers of a run live: processes of this machine, children of the supervisor. It starts them and gives them
/// signals, sees their ends, repairs what they leave in shared memory, and takes what they print; and so with all other
/// children, which are no workers.
final class WorkerHost {
  let output: OutputCollector
  private let arena: Arena
  private let spawner: WorkerSpawner
  private let helperSpawner: HelperSpawner
  private let words: SharedNotes
  private let names: InstanceNames
  private var charge: Warden.Charge
  private var warden: Warden?
  /// By process id; all but the warden.
  private var children: [Int32: Child] = [:]
  /// Workers that were stopped, and may run for a moment.
  private var resumed: [Int32] = []
  /// Of the whole system, for want of memory.
  private var memoryKillCount = AvailableMemory.killCount()

  private enum Child {
    case instance(Instance)
    /// `worker`: of a courier, its place in the worker table.
    case servant(worker: Int?, onEnd: (Ending) -> Void)
    /// `test`: the worker that it tests.
    case helper(test: Int?, onEnd: (Ending) -> Void)
  }

  init(
    arena: Arena, spawner: WorkerSpawner, helperSpawner: consuming HelperSpawner, output: OutputCollector,
    words: SharedNotes, names: InstanceNames, charge: Warden.Charge, warden: consuming Warden
  ) {
    self.arena = arena
    self.spawner = spawner
    self.helperSpawner = helperSpawner
    self.output = output
    self.words = words
    self.names = names
    self.charge = charge
    self.warden = .some(warden)
    arena.rescueLocks { [unowned self] in standing(of: $0) }
  }

  /// What is started from now on is of this topology.
  func adopt(_ topology: Topology) { spawner.adopt(topology) }

  /// Some instances have come or gone.
  func arrange(_ instances: [Instance]) {
    names.enter(instances)
    charge.instances = Warden.rows(of: instances)
    // The old one knows those who were there when it was forked.
    if let old = warden.take() {
      replaceWarden()
      old.dismiss()
    }
  }

  private func replaceWarden() { warden = try? Warden(charge) }

  // MARK: Starting

  /// All are forked before anything follows from how that went, which may have to wait for a lock that one of them holds.
  func start(_ batch: [Instance]) -> [Result<WorkerSpawner.Spawned, Errno>] {
    let outcomes = batch.map { instance in Result { () throws(Errno) in try spawner.spawn(instance) } }
    for (instance, outcome) in zip(batch, outcomes) {
      guard case .success(let spawned) = outcome else { continue }
      children[spawned.pid] = .instance(instance)
      charge.workers[instance.index] = spawned.pid
    }
    return outcomes
  }

  /// A process that serves a command; `work` is run in it, and gives its exit code. Its only other descriptors than
  /// standard ones, which lead nowhere, are the `kept`.
  func startServant(
    _ name: String, keeping kept: Int32, onEnd: @escaping (Ending) -> Void, _ work: () -> Int32
  ) throws(Errno) -> Int32 {
    let pid = try spawner.spawnServant(name, keeping: kept, work)
    children[pid] = .servant(worker: nil, onEnd: onEnd)
    return pid
  }

  /// A servant that is a worker, admitted already: it is removed when it is gone and what it had is given back.
  func startCourier(
    _ worker: Int, keeping kept: Int32, onEnd: @escaping (Ending) -> Void, _ work: (Arena, _ worker: Int) -> Int32
  ) throws(Errno) -> Int32 {
    let pid = try spawner.spawnCourier(worker, keeping: kept, work)
    children[pid] = .servant(worker: worker, onEnd: onEnd)
    charge.workers[worker] = pid
    return pid
  }

  func startTest(_ command: [String], of instance: Instance) throws(Errno) -> HelperSpawner.Test {
    try helperSpawner.test(command, of: instance)
  }

  func startMatcher(_ pattern: String) throws(Errno) -> HelperSpawner.Matcher { try helperSpawner.matcher(pattern) }

  /// `test`: the worker that it tests.
  func watch(helper pid: Int32, test: Int? = nil, onEnd: @escaping (Ending) -> Void) {
    if let test { charge.tests[test] = pid }
    children[pid] = .helper(test: test, onEnd: onEnd)
  }

  // MARK: Signals: to workers of kinds and scripts; the process above a command gets orders

  /// `drains`: a command may answer what it has before it gets its stop signal.
  func tell(_ instance: Instance, toEndWithin gracePeriod: Duration, drains: Bool) {
    guard let pid = instance.state.life?.pid else { return }
    if !instance.declaration.isCommand || !order(.stop(drains: drains, gracePeriod: gracePeriod), pid) {
      Glibc.kill(pid, instance.declaration.stopSignal)
    }
    // One that was stopped (SIGSTOP) must run to receive it.
    Glibc.kill(pid, SIGCONT)
  }

  /// A command gets its signals from the process above it; but for SIGKILL, which is for that one, and all with it.
  func send(_ signal: Int32, to instance: Instance) {
    guard let pid = instance.state.life?.pid else { return }
    if instance.declaration.isCommand, signal != SIGKILL, order(.send(signal), pid) { return }
    Glibc.kill(pid, signal)
  }

  /// Whether anyone reads what a command prints.
  func tellToLookForReaders(_ instance: Instance) {
    if let pid = instance.state.life?.pid { _ = order(.lookForReaders, pid) }
  }

  /// With all of its session that is in its group.
  func kill(_ instance: Instance) {
    guard let pid = instance.state.life?.pid else { return }
    Glibc.kill(-pid, SIGKILL)
    Glibc.kill(pid, SIGKILL)
  }

  func kill(servant pid: Int32) { Glibc.kill(pid, SIGKILL) }

  /// False: the system has no room for another signal.
  private func order(_ order: CommandOrder, _ pid: Int32) -> Bool { (try? order.send(to: pid)) != nil }

  // MARK: Ends

  /// Of an instance's process, which is not reaped yet.
  struct Death {
    let instance: Instance
    let pid: Int32
    let ending: Ending
  }

  /// The next that is to be repaired after; those of other children are dealt with.
  func nextDeath() -> Death? {
    while let death = ChildProcess.nextDeath() {
      let ending = Ending(death)
      switch children[death.pid] {
      case .instance(let instance)?: return Death(instance: instance, pid: death.pid, ending: ending)
      case .servant(let worker, let onEnd)?:
        if let worker { bury(courier: worker, death.pid) } else { ChildProcess.reap(death.pid) }
        children[death.pid] = nil
        onEnd(ending)
      case .helper(let test, let onEnd)?:
        bury(helper: death.pid, test)
        onEnd(ending)
      case nil:
        ChildProcess.reap(death.pid)
        if death.pid == warden?.pid { replaceWarden() }
      }
    }
    return nil
  }

  /// Repairs what a dead worker has left, and only then lets the system forget it: until it is reaped nobody else can
  /// have its pid, and nobody takes it for alive.
  func repair(after death: Death, isFailure: Bool, _ resources: [Resource]) -> [Repair] {
    let repairs = arena.scavenge(death.instance.index, isFailure: isFailure, recast: resources.recast)
    death.instance.processorTime += ChildProcess.reap(death.pid)
    children[death.pid] = nil
    charge.workers[death.instance.index] = 0
    return repairs
  }

  private func bury(courier worker: Int, _ pid: Int32) {
    // What it has not finished returns; that it was told to end does not count against an item.
    _ = arena.scavenge(worker, isFailure: false)
    ChildProcess.reap(pid)
    charge.workers[worker] = 0
    arena.remove(worker)
  }

  private func bury(helper pid: Int32, _ test: Int?) {
    // Before it is reaped: until then the group's number is nobody else's.
    Glibc.kill(-pid, SIGKILL)
    ChildProcess.reap(pid)
    children[pid] = nil
    if let test, charge.tests[test] == pid { charge.tests[test] = 0 }
  }

  /// Whether the system has killed for want of memory since this was last asked.
  func memoryRanOut() -> Bool {
    let count = AvailableMemory.killCount()
    defer { memoryKillCount = count }
    return count > memoryKillCount
  }

  /// Nobody wants to know of the rest any more; but for servants that are no workers, which have a last moment.
  func endChildren() {
    for (pid, child) in children {
      switch child {
      case .helper(let test, _): bury(helper: pid, test)
      case .servant(.some, _): children[pid] = nil
      case .instance, .servant: break
      }
    }
    endOrphans()
  }

  func dismissWarden() {
    if let warden = warden.take() { warden.dismiss() }
  }

  // MARK: What workers say

  /// Those that have left words.
  var placesOfWords: [Int] { words.places }

  /// What mporch has to say of a worker. It stands in the worker's log, where one looks for it.
  func takeWords(ofWorker worker: Int) -> [OwnWords] {
    let all = OwnWords.all(in: words, of: worker)
    for words in all { output.store(words.text, ofInstance: worker) }
    return all
  }

  /// `shown`: names of processes and instances.
  func isWorker(_ worker: Int, of shown: [String]) -> Bool {
    shown.contains(names.process(ofWorker: worker)) || shown.contains(names.instance(ofWorker: worker))
  }

  // MARK: Rescue

  /// The supervisor waits for a lock, and this worker has it or another one. If it was stopped in the middle of its step
  /// it may go on until the end of the round, for it holds up everyone.
  private func standing(of worker: Int) -> Rescue.Standing {
    guard let pid = pid(ofWorker: worker) else { return .nobody }
    if ChildProcess.isDead(pid) { return .dead }
    guard let process = ProcessStatistics(of: pid) else { return .heldUp }
    if process.isAsleep { return .asleep }
    if process.isRunnable { return .awake }
    if process.isStopped, !resumed.contains(pid) {
      Glibc.kill(pid, SIGCONT)
      resumed.append(pid)
    }
    return .heldUp
  }

  /// Those that `standing` let go on are stopped again.
  func stopResumed() {
    for pid in resumed where children[pid] != nil { Glibc.kill(pid, SIGSTOP) }
    resumed.removeAll()
  }

  // MARK: Looking at processes

  /// Of a courier, or of an instance; `nil`: nobody is there, or it is no place of the table: what shared memory says of a
  /// holder may be the supervisor, or anything.
  func pid(ofWorker worker: Int) -> Int32? {
    guard arena.plan.workers.indices.contains(worker) else { return nil }
    let pid = charge.workers[worker]
    return pid > 0 ? pid : nil
  }

  /// Places in the worker table.
  var couriers: [Int] {
    children.values.compactMap { if case .servant(let worker, _) = $0 { worker } else { nil } }
  }

  /// All that a command has started is its. What the pump has started for itself is in the pump's group.
  func commandTrees(below pump: Int32) -> [ProcessStatistics] {
    ChildProcess.all(of: pump).filter { ChildProcess.group(of: $0) != pump }.compactMap(
      ProcessStatistics.init(ofTree:))
  }

  /// What a script has started may print as well, and so may a pump's command; orphans come to us, some in a
  /// session of their own.
  func hasDescendants(_ life: InstanceState.Life) -> Bool {
    !ChildProcess.all(of: life.pid).isEmpty
      || ChildProcess.all().contains { $0 != life.pid && (ChildProcess.session(of: $0) == life.pid || !isOurs($0)) }
  }

  // MARK: Orphans

  /// What a dead worker had started, and left to us when it died.
  ///
  /// A command's descendants are below its pump until that dies, so they are the pump's, or a dead pump's. Of a script
  /// the orphans come to us while it lives: they are in its session. Gives the time that they have used.
  @discardableResult
  func endOrphans() -> Duration {
    var orphans: [Int32] = []
    var lasting: Set<Int32> = []
    var time = Duration.zero
    repeat {
      // Each that ends leaves us what it has started.
      orphans = ChildProcess.all().filter { !isOurs($0) && !lasting.contains($0) }
      for pid in orphans { Glibc.kill(pid, SIGKILL) }
      for pid in orphans {
        // No signal reaches one that has become another user's. It is reaped when it ends.
        if ChildProcess.diesWithin(milliseconds: 1000, pid) {
          time += ChildProcess.reap(pid)
        } else {
          lasting.insert(pid)
        }
      }
    } while !orphans.isEmpty
    return time
  }

  /// What a session's leader has started is its own as long as it lives.
  private func isOurs(_ child: Int32) -> Bool {
    child == warden?.pid || children[child] != nil || children[ChildProcess.session(of: child)] != nil
  }
}

/// Who is at each place of the worker table, by name: for what outlives a place's change of owner.
final class InstanceNames {
  private var names: [Int: (instance: String, process: String)] = [:]

  func enter(_ instances: [Instance]) {
    for instance in instances { names[instance.index] = (instance.name, instance.declaration.name) }
  }

  func instance(ofWorker worker: Int) -> String { names[worker]?.instance ?? "" }
  func process(ofWorker worker: Int) -> String { names[worker]?.process ?? "" }
}

extension ProcessDeclaration {
  var isKind: Bool { if case .kind = work { true } else { false } }
  var isCommand: Bool { if case .command = work { true } else { false } }
  /// A built-in kind starts nothing.
  var mayLeaveOrphans: Bool { !isKind }
}

extension [Resource] {
  /// How an item that is given up goes into a queue that may be of another type.
  func recast(_ payload: UnsafeRawBufferPointer, _ source: Int, _ target: QueueWriter) -> [UInt8]? {
    let resource = self[target.queue.resource]
    let writer = ItemWriter(target, type: resource.storedType, resourceName: resource.name)
    return try? writer.recast(payload, of: self[source].storedType)
  }
}

extension Resource {
  /// Of a queue's records in memory.
  var storedType: ItemType { if case .queue(let queue) = kind { queue.storedType } else { .any } }
}
