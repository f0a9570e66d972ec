internal import Glibc
internal import Logs
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology
internal import Workers

/// Forks workers.
final class WorkerSpawner {
  private var topology: Topology
  private let allKinds: [any Kind.Type]
  /// By process: its kind, alone.
  private var kinds: [[any Kind.Type]] = []
  private let arena: Arena
  private let upStreams: UpStreams
  private let null: Descriptor
  private let supervisor = getpid()
  private let outputPipeByteCount: Int
  /// The supervisor has more descriptors than a worker is to count on.
  let descriptorCountOfWorkers = ResourceLimits.raiseDescriptorCount()
  /// Made once: what the next child becomes.
  private var next: WorkerProcess

  struct Spawned {
    var pid: Int32
    /// The reading ends of its standard output and error.
    var sources: [OutputSource]
  }

  init(
    topology: Topology, kinds: [any Kind.Type], arena: Arena, upStreams: UpStreams, words: SharedNotes
  ) throws(Errno) {
    self.topology = topology
    allKinds = kinds
    next = WorkerProcess(
      topology: topology, process: 0, replica: 1, worker: 0, arena: arena, upStandardInput: nil, upStandardOutput: nil,
      words: words)
    setenv("MPORCH_PROJECT", topology.name, 1)
    self.arena = arena
    self.upStreams = upStreams
    null = try .devNull()
    outputPipeByteCount = Self.pipeByteCount(instanceCount: arena.plan.workers.count)
    adopt(topology)
  }

  /// What is forked from now on is of this one.
  func adopt(_ topology: Topology) {
    self.topology = topology
    next.topology = topology
    kinds = topology.processes.map { declaration in
      allKinds.filter { if case .kind($0.signature.name, _) = declaration.work { true } else { false } }
    }
  }

  /// A user's pipes share a budget (64 MiB by default); past it, new ones get a page.
  private static func pipeByteCount(instanceCount: Int) -> Int {
    let share = (32 << 20) / max(1, instanceCount)
    return min(1 << 20, max(64 << 10, 1 << (Int.bitWidth - 1 - share.leadingZeroBitCount)))
  }

  func spawn(_ instance: Instance) throws(Errno) -> Spawned {
    let output = try Pipe()
    let errors = try Pipe()
    if outputPipeByteCount > 64 << 10 { output.requestCapacity(outputPipeByteCount) }
    // For what looks before the worker has said anything: no word of an earlier life is left.
    arena.begin(instance.index, processID: 0)
    prepare(instance)
    guard let pid = try ChildProcess.fork() else {
      becomeWorker(instance, output: output.writing.number, errors: errors.writing.number)
    }
    let sources = [
      OutputSource(instance: instance.index, stream: .stdout, descriptor: output.takeReading()),
      OutputSource(instance: instance.index, stream: .stderr, descriptor: errors.takeReading()),
    ]
    return Spawned(pid: pid, sources: sources)
  }

  /// A worker that is no instance of a process; `work` is run in it, and gives its exit code.
  func spawnCourier(
    _ worker: Int, keeping kept: Int32, _ work: (Arena, _ worker: Int) -> Int32
  ) throws(Errno) -> Int32 {
    arena.begin(worker, processID: 0)
    return try spawnServant("mporch-courier", keeping: kept) {
      arena.begin(worker, processID: getpid())
      arena.keepFromChildren()
      return work(arena, worker)
    }
  }

  /// A process that is no worker; `work` as for a courier.
  func spawnServant(_ name: String, keeping kept: Int32, _ work: () -> Int32) throws(Errno) -> Int32 {
    if let pid = try ChildProcess.fork() { return pid }
    CurrentProcess.becomeChild(of: supervisor)
    do {
      for stream: Int32 in 0...2 { try CurrentProcess.redirect(stream, to: null.number) }
      CurrentProcess.closeDescriptors(except: kept)
    } catch {
      _exit(1)
    }
    CurrentProcess.setName(name)
    _exit(work())
  }

  /// Here and not in the child, which has a page copied or a fault for all that it is the first to touch.
  private func prepare(_ instance: Instance) {
    setenv("MPORCH_PROCESS", instance.declaration.name, 1)
    next.process = instance.process
    next.replica = instance.replica
    next.worker = instance.index
    next.upStandardInput = instance.upStreams.readsInput ? upStreams.input : nil
    next.upStandardOutput = instance.upStreams.writesOutput ? upStreams.output : nil
    setenv("MPORCH_REPLICA", "\(instance.replica)", 1)
  }

  /// In the child, which has everything of the supervisor's until `close`.
  private func becomeWorker(_ instance: Instance, output: Int32, errors: Int32) -> Never {
    CurrentProcess.becomeChild(of: supervisor)
    do {
      try CurrentProcess.redirect(0, to: null.number)
      try CurrentProcess.redirect(1, to: output)
      try CurrentProcess.redirect(2, to: errors)
      CurrentProcess.closeDescriptors(except: next.upStandardInput, next.upStandardOutput)
      ResourceLimits.setDescriptorCount(descriptorCountOfWorkers)
      CurrentProcess.setName(instance.name)
      try instance.declaration.settle(in: topology.directory)
    } catch {
      fail(instance, error)
    }
    arena.begin(instance.index, processID: getpid())
    next.run(kinds: kinds[instance.process])
  }

  /// Its working folder is gone, its priority is not allowed.
  private func fail(_ instance: Instance, _ error: Errno) -> Never {
    let declaration = instance.declaration
    let folder = declaration.workingDirectory ?? topology.directory
    var words = "\(declaration.place): error: process '\(instance.name)' can't start in '\(folder)'"
    if let niceness = declaration.niceness { words += " with nice: \(niceness)" }
    if let processors = declaration.processors { words += " on cpus: \(processors)" }
    next.report("\(words): \(error)")
    _exit(1)
  }
}
extension ProcessDeclaration {
  /// Gives the current process the surroundings that the file declares. `folder`: the topology's.
  func settle(in folder: String) throws(Errno) {
    try CurrentProcess.changeDirectory(to: workingDirectory ?? folder)
    for variable in environment { setenv(variable.name, variable.value, 1) }
    if let processors { try CurrentProcess.setProcessors(processors) }
    if let niceness { try CurrentProcess.setNiceness(niceness) }
  }
}
