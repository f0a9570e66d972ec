internal import Platform
public import Sharing
public import SystemPackage
internal import Topology

/// What a kind sees of the process that it runs in.
///
/// Confined to its process, which has one thread.
public final class Worker {
  /// `count-2`.
  public let instanceName: String
  /// From 1.
  public let replica: Int
  /// Instances that the process has now: `mporch scale` changes it.
  public var replicas: Int { max(1, arena.group(of: entry.worker)?.liveCount ?? 1) }
  /// The standard streams of `mporch up`, for a kind whose parameter of type `inputPaths` or `outputPath` is `-`;
  /// else `nil`. Blocking descriptors.
  public let standardInput: FileDescriptor?
  public let standardOutput: FileDescriptor?

  let entry: WorkerEntry
  let spinBudget: SpinBudget
  let arena: Arena
  private let bindings: Bindings
  @exclusivity(unchecked) var stepper: Stepper
  private var inlets: [(port: String, inlet: Inlet)] = []
  private var outlets: [(port: String, outlet: Outlet)] = []
  @exclusivity(unchecked) private var log = LogBuffer()
  /// Whose batch is lent. Unsafe: `inlets` own it.
  @exclusivity(unchecked) private unowned(unsafe) var lender: Inlet?
  /// The outlet whose answers are counted against the lent items: kinds have one.
  var countingOutlet: Outlet? { outlets.first?.outlet }
  /// The same, for what is done with each batch: `outlets` own it.
  private var answers: Unmanaged<Outlet>?
  /// One input and one output at most: then a step may be an exchange between pipes.
  private var hasSeveralPorts = false

  init(_ process: WorkerProcess) {
    let declaration = process.topology.processes[process.process]
    instanceName = "\(declaration.name)-\(process.replica)"
    replica = process.replica
    mayBeRestarted = declaration.restart != .never
    standardInput = process.upStandardInput.map(FileDescriptor.init(rawValue:))
    standardOutput = process.upStandardOutput.map(FileDescriptor.init(rawValue:))
    arena = process.arena
    entry = arena.entry(process.worker)
    stepper = Stepper(arena: arena, worker: process.worker)
    spinBudget = SpinBudget(isUncontended: arena.isUncontended)
    checkpoint = stepper.durable.checkpoint
    bindings = Bindings(process)
    inlets = bindings.inputs.map { ($0.port, Inlet(port: $0.target, type: $0.type, worker: self)) }
    // Who never waits for room must not begin with what has none.
    let stagesInPipe = if case .command = declaration.work { false } else { true }
    outlets = bindings.outputs.map { ($0.port, Outlet(lanes: $0.lanes, worker: self, stagesInPipe: stagesInPipe)) }
    hasSeveralPorts = inlets.count > 1 || outlets.count > 1
    answers = countingOutlet.map { .passUnretained($0) }
    countingOutlet?.answersToSkip = Int(stepper.durable.publishedSinceCheckpoint)
  }

  /// Its restart policy may give it another life.
  let mayBeRestarted: Bool

  /// An input has ended, and a process that wrote it failed.
  var inputIsIncomplete: Bool { inlets.contains { $0.inlet.endedByFailure } }

  /// What it has put is as incomplete as its input was.
  func passOnIncompleteness() {
    for (_, outlet) in outlets { for port in outlet.outputPorts { port.tellIncomplete() } }
  }

  // MARK: Ports

  /// The port that every kind with one input has.
  public var input: Inlet { inlets[0].inlet }
  /// `nil` where the file gives that port nothing.
  public func input(_ port: String) -> Inlet? { inlets.first { $0.port == port }?.inlet }
  public var output: Outlet? { outlets.first?.outlet }
  public func output(_ port: String) -> Outlet? { outlets.first { $0.port == port }?.outlet }

  /// A resource by its role in the signature's `uses`; `nil` where the file gives none.
  public func value(_ role: String) -> SharedValue? {
    guard let resource = bindings.use(role), case .value(let type, _) = bindings.kind(of: resource),
      let elements = arena.elements(resource)
    else { return nil }
    return SharedValue(type: type, at: elements.baseAddress!)
  }
  /// The name of a resource that the file gives.
  public func name(ofUse role: String) -> String? { bindings.use(role).map { bindings.name(of: $0) } }
  public func array(_ role: String) -> SharedArray? {
    guard let resource = bindings.use(role), case .array(let type, let count, _) = bindings.kind(of: resource),
      let elements = arena.elements(resource)
    else { return nil }
    return SharedArray(type: type, count: count, elements: elements)
  }
  /// How often this worker, in all its lives, has changed the value of that role.
  func tally(ofChangesTo role: String) -> Tally? {
    guard let resource = bindings.use(role), let value = value(role) else { return nil }
    entry.tally.begin(value: resource, byteCount: value.type.byteCount)
    return entry.tally
  }
  public func lock(_ role: String) -> SharedLock? {
    bindings.use(role).flatMap { arena.lock($0, worker: entry.worker) }
  }

  // MARK: Progress and log

  /// Published for `ps` and the terminal; plain stores, cheap.
  public var progressDone: UInt64 {
    get { entry.value(.progressDone) }
    set { entry.set(.progressDone, newValue) }
  }
  public var progressTotal: UInt64 {
    get { entry.value(.progressTotal) }
    set { entry.set(.progressTotal, newValue) }
  }

  /// One line on the worker's standard output, its log; buffered, and written before the worker blocks or ends.
  /// `line` without its newline.
  /// One that holds a newline would be two, and is an error.
  public func print(_ line: String) throws {
    var line = line
    try line.withUTF8 { try print(UnsafeRawBufferPointer($0)) }
  }
  public func print(_ line: UnsafeRawBufferPointer) throws {
    do { try ItemLine.check(line) } catch let newline as ItemLine.NewlineWithin {
      throw KindFailure(
        "\(newline.text) holds a newline, and would be two lines of the log",
        help: "give it an 'out', and print that with 'format: json'")
    }
    log.append(line)
  }
  /// As many lines as the file asks for.
  func printLines(_ lines: UnsafeRawBufferPointer) { log.append(lines) }

  func flushLog() { log.flush() }

  // MARK: Time

  /// Waits for `duration`; publishes outputs first and shows the wait as a timer's.
  public func sleep(for duration: Duration) throws {
    try publishAll()
    commitCheckpoint()
    log.flush()
    entry.beginWait(.timer)
    defer { entry.endWait() }
    MonotonicClock.sleep(until: MonotonicClock.now + duration.nanoseconds)
  }

  /// Monotonic clock, nanoseconds.
  public var now: UInt64 { MonotonicClock.now }

  // MARK: What survives a kill of this worker

  /// Two numbers that a source keeps of where it is: zero at first; after a restart those of the last publish.
  /// Setting them takes effect in one step with the next publish of the outputs appended before.
  public var checkpoint: (UInt64, UInt64) {
    didSet { keepsCheckpoint = true }
  }
  @exclusivity(unchecked) private var keepsCheckpoint = false

  /// State of a kind that absorbs its input (`sum`, `count`, …), at most 64 bytes: `nil` at first, after a restart
  /// what the last finished batch left. Setting takes effect in one step with the end of the items taken before.
  public func absorbed<State: BitwiseCopyable>(as type: State.Type) -> State? {
    stepper.durable.hasState ? Self.state(of: stepper.durable) : nil
  }
  public func absorb<State: BitwiseCopyable>(_ state: State) {
    precondition(MemoryLayout<State>.size <= Durable.stateByteCount)
    withUnsafeMutableBytes(of: &stepper.durable.state) { $0.storeBytes(of: state, as: State.self) }
    stepper.durable.hasState = true
  }

  private static func state<State: BitwiseCopyable>(of durable: Durable) -> State {
    withUnsafeBytes(of: durable.state) { $0.loadUnaligned(as: State.self) }
  }

  /// Of a kind whose signature says `keepsTable`: memory of its own, which outlives a kill where the file wants that.
  func region() throws -> DurableRegion {
    let region = arena.region(of: entry.worker)
    if region.byteCount > 0 { return region }
    guard let own = DurableRegion(ownByteCount: 1 << 36) else { throw KindFailure("no memory for a table") }
    return own
  }

  /// The number of the last batch that is finished and absorbed in the region; `nil`: none, or they are forgotten.
  var finishedTableBatch: UInt64? { absorbed(as: UInt64.self) }

  /// What batch `number` has changed in the region is finished in one step with its items.
  func finishTableBatch(_ number: UInt64) {
    if arena.region(of: entry.worker).byteCount > 0 { absorb(number) }
  }

  /// All of the input is absorbed: another life needs no more than to answer.
  func completeInput() {
    stepper.durable.isComplete = true
    stepper.finish(nil)
  }
  var hasWholeInput: Bool { stepper.durable.isComplete }

  /// The whole answer is out, also what of it goes to the log: another life has nothing to do.
  func completeAnswer() {
    log.flush()
    stepper.durable.hasAnswered = true
    stepper.finish(nil)
  }
  var hasAnswered: Bool { stepper.durable.hasAnswered }

  /// Called by every replica of a kind that answers at its end, after its input has ended. The last of them gets
  /// the states of all the replicas that have any (its own too) and answers for all; the others get `nil`, as does
  /// one that was killed after its answer.
  public func lastReplicaStates<State: BitwiseCopyable>(as type: State.Type) throws -> [State]? {
    // What it has absorbed is kept before it says that this is all.
    stepper.finish(nil)
    guard let members = arena.complete(entry.worker), !stepper.durable.hasAnswered else { return nil }
    return members.map { arena.durable(of: $0) }.filter(\.hasState).map { Self.state(of: $0) }
  }

  /// What was appended to the outputs since `lastReplicaStates` is the whole answer: published in one step with the
  /// fact that it was given.
  func didAnswer() { stepper.durable.hasAnswered = true }

  /// A counter that all replicas of this process share: claims up to `count` of what is left below `limit`
  /// (`take`, `tick` count for all together). Effective in one step with the next publish or finished input.
  /// Gives the first claimed number and how many.
  public func claim(_ count: UInt64, below limit: UInt64) throws -> (first: UInt64, count: UInt64) {
    stepper.claim(count, below: limit)
  }

  /// How many numbers of that counter are claimed, as the last steps of all replicas have made it.
  var claimedCount: UInt64 { arena.group(of: entry.worker)?.claimed ?? 0 }

  // MARK: Steps

  @inline(__always)
  func didLend(_ inlet: Inlet, answersToSkip: Int) {
    lender = inlet
    answers?._withUnsafeGuaranteedRef { $0.startCounting(answersToSkip: answersToSkip) }
  }

  /// Publishes everything and finishes what `inlet` lent, in one step.
  @inline(__always)
  func finishBatch(of inlet: Inlet) throws {
    log.flush()
    if !exchange(inlet) { try finishWhole(inlet) }
    lender = nil
  }

  @inline(__always)
  private func exchange(_ inlet: Inlet) -> Bool {
    if hasSeveralPorts || keepsCheckpoint { return false }
    guard let answers else { return inlet.finishPipe(&stepper) }
    return answers._withUnsafeGuaranteedRef { outlet in
      guard outlet.pendingCount > 0 else { return inlet.finishPipe(&stepper) }
      guard let writer = outlet.solePipe else { return false }
      return inlet.exchange(with: writer, &stepper)
    }
  }

  private func finishWhole(_ inlet: Inlet) throws {
    if let outlet = countingOutlet, outlet.pendingCount > 0 {
      try publish(outlet) { $0.progressOfAll() }
    } else {
      stepper.finish(inlet.progressOfAll())
    }
    for (_, outlet) in outlets.dropFirst() { try publish(outlet) }
    inlet.endBatch()
  }

  /// Puts a record into the ring of an outlet's only pipe as soon as there is room.
  func stage(_ record: UnsafeRawBufferPointer, in pipe: PipeWriter) throws {
    log.flush()
    if case .readersEnded(let failed) = stepper.stage(record, in: pipe) { throw ReadersEnded(failed: failed) }
  }

  /// All that is appended, with the end of the lent items that these are the answers to. `last`: what the last of them
  /// finish, where that is more.
  func publish(_ outlet: Outlet, finishing last: ((Inlet) -> Stepper.Input?)? = nil) throws {
    let isCounting = outlet === countingOutlet
    while outlet.pendingCount > 0 {
      let pending = outlet.pendingCount
      try publish(outlet, checkpoint: keepsCheckpoint && isCounting ? checkpoint : nil) { records in
        guard isCounting, let lender else { return nil }
        if let last, records == pending { return last(lender) }
        return lender.progress(published: outlet.published &+ UInt64(records))
      }
    }
  }

  /// As much as there is room for, waiting for some until `deadline`; `nil`: none by then. Else how many records.
  @discardableResult
  func publish(
    _ outlet: Outlet, checkpoint: (UInt64, UInt64)? = nil, until deadline: UInt64? = nil,
    finishing input: (_ records: Int) -> Stepper.Input?
  ) throws -> Int? {
    let bytes = outlet.pendingPayloadByteCount
    let outcome =
      if let pipe = outlet.solePipe {
        stepper.publish(pipe, checkpoint: checkpoint, input: input)
      } else {
        stepper.publish(
          to: outlet.outputPorts, pending: outlet.pending(to:), checkpoint: checkpoint, until: deadline, input: input)
      }
    switch outcome {
    case .done(let records):
      outlet.didPublish(records)
      entry.add(UInt64(records), to: .itemsOut)
      entry.add(UInt64(bytes - outlet.pendingPayloadByteCount), to: .bytesOut)
      return records
    case .full(let resource):
      throw KindFailure(
        "'\(bindings.name(of: resource))' is full and declared 'on_full: fail'",
        help: "raise its 'capacity' or 'bytes'")
    case .timedOut: return nil
    case .readersEnded(let failed): throw ReadersEnded(failed: failed)
    }
  }

  /// Makes the checkpoint, and what else waits for a step, effective where nothing is left to publish.
  private func commitCheckpoint() {
    if keepsCheckpoint, checkpoint != stepper.durable.checkpoint { stepper.durable.checkpoint = checkpoint }
    stepper.finish(nil)
  }

  private func publishAll() throws {
    for (_, outlet) in outlets { try publish(outlet) }
  }

  /// After `run` has returned: what is left to publish is published with what was gone through of a lent batch; the
  /// rest of the batch goes back.
  func conclude() throws {
    if let lender {
      if let outlet = countingOutlet, outlet.pendingCount > 0 {
        try publish(outlet) { $0.progressOfReached() }
      } else {
        stepper.finish(lender.progressOfReached())
      }
    }
    try publishAll()
    commitCheckpoint()
    for (_, inlet) in inlets { inlet.giveBack() }
    log.flush()
  }
}

/// Ends a worker whose outputs nobody will read: as success where the readers all succeeded.
struct ReadersEnded: Error {
  var failed: Bool
}
