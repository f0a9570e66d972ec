internal import Platform
internal import Sharing
internal import Topology

/// Answers `inspect`: what the resources of a run hold, who has them, and who waits for them.
final class Inspector {
  private let arena: Arena
  private let host: WorkerHost
  private let managedLook: ManagedLook?
  private let startedAt = MonotonicClock.now
  /// By resource.
  private var queueRates: [Int: QueueRates] = [:]

  init(_ topology: Topology, arena: Arena, loop: EventLoop, host: WorkerHost) {
    self.arena = arena
    self.host = host
    managedLook = ManagedLook(topology, arena: arena, loop: loop)
  }

  /// So much is copied at once; the rest is asked for anew.
  private static let excerptLimit = 1000

  /// `look`: the run as it is when there is an answer.
  func inspect(_ names: [String], excerptCount: Int, _ look: @escaping () -> RunLife, _ session: ControlSession) {
    let topology = look().topology
    var chosen: [Int] = []
    do throws(Refusal) {
      for name in names {
        let index = try topology.resource(named: name)
        if !chosen.contains(index) { chosen.append(index) }
      }
    } catch {
      return session.reply(.refused(error))
    }
    if names.isEmpty { chosen = topology.declaredResources }
    let excerptCount = min(max(excerptCount, 0), Self.excerptLimit)
    let managed = chosen.filter { topology.resources[$0].kind.isManaged }
    guard !managed.isEmpty, let managedLook else {
      return session.reply(.resources(statuses(of: chosen, excerptCount: excerptCount, [:], look())))
    }
    managedLook.ask(about: managed.map(topology.numberOfManaged), elementCount: max(1, excerptCount)) {
      [unowned self] answers in
      session.reply(.resources(statuses(of: chosen, excerptCount: excerptCount, answers, look())))
    }
  }

  private func statuses(
    of chosen: [Int], excerptCount: Int, _ contents: [Int: ManagedLook.Contents], _ life: RunLife
  ) -> [ResourceStatus] {
    let topology = life.topology
    let reporter = ResourceReporter(
      arena: arena, resources: topology.resources,
      waits: WaitTable(
        arena, workers: life.instances.filter { $0.state.life != nil }.map(\.index) + host.couriers),
      now: MonotonicClock.now, party: { self.party($0, life) }, excerptCount: excerptCount)
    return chosen.compactMap { index in
      let detail: ResourceStatus.Detail? =
        switch topology.resources[index].kind {
        case .managed(let type, _): .managed(row(type, contents[topology.numberOfManaged(index)], topology))
        case .pool(let pool): row(of: pool, index, reporter, topology).map { .pool($0) }
        default: reporter.detail(of: index) { rates(of: index, $0) }
        }
      return detail.map { ResourceStatus(name: topology.resources[index].name, detail: $0) }
    }
  }

  /// `nil` also for the supervisor itself, which may hold something for a moment.
  private func party(_ worker: Int, _ life: RunLife) -> ResourceStatus.Party? {
    if let instance = life.instance(ofWorker: worker) {
      return ResourceStatus.Party(name: instance.name, pid: instance.state.life?.pid)
    }
    guard let pid = host.pid(ofWorker: worker) else { return nil }
    let verb = arena.plan.links(of: worker).writes.isEmpty ? "get" : "put"
    return ResourceStatus.Party(name: "mporch \(verb)", pid: pid)
  }

  private func rates(of index: Int, _ report: QueueReport) -> (in: Double?, out: Double?) {
    queueRates[index, default: QueueRates(startedAt: startedAt)].rates(
      puts: report.puts, finished: report.finished, time: MonotonicClock.now)
  }

  // MARK: Services

  private func row(_ type: Resource.ManagedType, _ contents: ManagedLook.Contents?, _ topology: Topology)
    -> ResourceStatus.Managed
  {
    let server = topology.services.first { $0.role == .managedObjects }.map { topology.processes[$0.process].name }
    return ResourceStatus.Managed(
      type: type.rawValue, server: server ?? "", length: contents?.length, excerpt: contents?.excerpt)
  }

  private func row(
    of pool: Resource.Pool, _ index: Int, _ reporter: ResourceReporter, _ topology: Topology
  ) -> ResourceStatus.Pool? {
    guard let service = topology.services.first(where: { $0.role == .pool(ResourceID(index)) }),
      let report = arena.queueReport(service.requests.index)
    else { return nil }
    return ResourceStatus.Pool(
      size: pool.size, busy: report.leases.count { !$0.isOrphaned }, waiting: report.items, done: report.finished,
      rate: rates(of: service.requests.index, report).out, givenUp: report.deadLettered,
      waitingCallers: reporter.waiters(at: .write(resource: service.requests.index)))
  }
}

extension Topology {
  /// As the server counts them.
  fileprivate func numberOfManaged(_ index: Int) -> Int { resources[...index].count { $0.kind.isManaged } }
}
