internal import Glibc
internal import Limits
internal import Logs
internal import Platform
package import Sharing
internal import SystemPackage
package import Topology
internal import Workers

/// Makes everything that a run needs, from a topology; refuses what can't be had, before anything has started.
struct RunBuilder {
  let request: StartRequest
  let source: TopologySource
  let made: TopologySource.Made
  let kinds: [any Kind.Type]
  private let topology: Topology

  init(request: StartRequest, source: TopologySource, kinds: [any Kind.Type]) throws(Refusal) {
    self.request = request
    self.source = source
    self.kinds = kinds
    made = try source.make(request)
    topology = source.withServices(made.topology)
  }

  func build(_ socket: borrowing Descriptor) throws(Refusal) -> Run {
    let instances = instances()
    let upStreams = try UpStreams(for: instances, request.attachment)
    let folder = try RunFolder(claiming: topology.name, in: .ofThisUser)
    do {
      return try build(socket, instances, upStreams, folder)
    } catch {
      folder.remove()
      throw error
    }
  }

  private func build(
    _ socket: borrowing Descriptor, _ instances: [Instance], _ upStreams: UpStreams, _ folder: RunFolder
  ) throws(Refusal) -> Run {
    let arena = try arena()
    let logs = try logDirectory()
    let log = OwnLog(
      file: logs.file(of: LogDirectory.ownInstance), maxFileByteCount: topology.logging.maxFileByteCount,
      maxFileCount: topology.logging.maxFileCount)
    let status = status(logs)
    do {
      let charge = Warden.Charge(
        folderPath: folder.path, status: status, instances: Warden.rows(of: instances),
        workers: try SharedPIDTable(count: instances.count + Limit.spareWorkers),
        tests: try SharedPIDTable(count: instances.count + Limit.spareWorkers))
      // Before anything else is open or large.
      let warden = try Warden(charge)
      let loop = try EventLoop()
      let control = try ControlServer(folder.listen(), loop: loop)
      try folder.publish(status)
      let client = try AttachConnection(Descriptor.duplicate(of: socket.number, atLeast: 3), loop: loop)
      return Run(
        topology, instances, arena: arena, loop: loop,
        host: try host(loop, instances, arena, upStreams, logs, charge, warden), status: status, folder: folder,
        control: control, events: Announcer(client, log: log, journal: EventJournal(in: logs)), kinds: kinds,
        changes: Changes(source, made),
        wish: Run.Wish(
          attachment: request.attachment,
          gracePeriod: request.gracePeriodSeconds.map(Duration.init(clampedSeconds:)),
          waitLimit: request.waitLimitSeconds.map(Duration.init(clampedSeconds:))))
    } catch let error as PrivateFolder.Failure {
      throw Refusal(ofState: error)
    } catch {
      throw Refusal("the run can't be set up: \(error)", exitCode: 69)
    }
  }

  private func instances() -> [Instance] {
    let declarations = topology.processes.map(SharedDeclaration.init)
    return InstancePlan.all(of: topology).enumerated().map { index, plan in
      let declaration = topology.processes[plan.process]
      return Instance(
        index: index, plan: plan, declaration: declarations[plan.process], upStreams: kinds.upStreamUse(of: declaration)
      )
    }
  }

  private func arena() throws(Refusal) -> Arena {
    var plan = ArenaPlan(topology)
    plan.spareWorkers = Limit.spareWorkers
    try ProcessDemand(topology).check()
    let demand = MemoryDemand(topology, plan)
    try demand.check(against: AvailableMemory.byteCount())
    do {
      let arena = try Arena(plan, name: "mporch-\(topology.name)")
      try arena.fillInitialValues(of: topology)
      return arena
    } catch let error as ArenaError {
      throw demand.refusal(error.errno)
    } catch {
      throw error as? Refusal ?? demand.refusal("\(error)")
    }
  }

  /// Logs, and how it ended, stay until the next run.
  private func logDirectory() throws(Refusal) -> LogDirectory {
    let directory = LogDirectory(ofProject: topology.name)
    do throws(PrivateFolder.Failure) {
      try directory.create()
      try directory.clear()
      let folder = try directory.open()
      RunOutcome.forget(in: folder)
      EventJournal.forget(in: folder)
      return directory
    } catch {
      throw Refusal(ofLogs: error)
    }
  }

  private func host(
    _ loop: EventLoop, _ instances: [Instance], _ arena: Arena, _ upStreams: UpStreams, _ logs: LogDirectory,
    _ charge: Warden.Charge, _ warden: consuming Warden
  ) throws(Errno) -> WorkerHost {
    let names = InstanceNames()
    names.enter(instances)
    let output = OutputCollector(loop: loop) { [logging = topology.logging] instance in
      StoredLog(
        LogCapture(
          path: logs.file(of: names.instance(ofWorker: instance)), maxFileByteCount: logging.maxFileByteCount,
          maxFileCount: logging.maxFileCount))
    }
    let words = try SharedNotes(count: instances.count + Limit.spareWorkers, ringByteCount: OwnWords.ringByteCount)
    let spawner = try WorkerSpawner(topology: topology, kinds: kinds, arena: arena, upStreams: upStreams, words: words)
    return WorkerHost(
      arena: arena, spawner: spawner,
      helperSpawner: try HelperSpawner(
        folder: topology.directory, descriptorCount: spawner.descriptorCountOfWorkers),
      output: output, words: words, names: names, charge: charge, warden: warden)
  }

  private func status(_ logs: LogDirectory) -> RunStatus {
    let pid = getpid()
    var isDetached = false
    if case .detached = request.attachment { isDetached = true }
    return RunStatus(
      project: topology.name, pid: pid, startTicks: ProcessStatistics(of: pid)?.startTicks ?? 0,
      files: request.filePaths, directory: topology.directory, logDirectory: logs.path.string,
      startedAt: WallClock.now, isDetached: isDetached, mark: RunMark.own)
  }
}

extension Arena {
  /// What the file says values and arrays begin with. Memory is zeroed already.
  package func fillInitialValues(of topology: Topology) throws {
    for (index, resource) in topology.resources.enumerated() {
      switch resource.kind {
      case .value(let type, let initial): fill(index, with: try Self.bytes([initial], type, resource))
      case .array(let type, _, let initial): fill(index, with: try Self.bytes(initial, type, resource))
      default: break
      }
    }
  }

  private static func bytes(
    _ literals: [Literal], _ type: ElementType, _ resource: Resource
  ) throws(Refusal) -> [UInt8] {
    var bytes: [UInt8] = []
    for literal in literals {
      guard let element = ElementBytes.encode(literal, as: type) else {
        throw Refusal(
          "\(resource.place): error: an initial value of '\(resource.name)' does not fit its type, \(type.rawValue)",
          exitCode: 65)
      }
      bytes += element
    }
    return bytes
  }
}
