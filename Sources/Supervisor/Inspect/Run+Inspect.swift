internal import Platform
internal import Sharing
internal import Topology

extension Run {
  /// So much is copied at once; the rest is asked for anew.
  private static let excerptLimit = 1000

  func inspect(_ names: [String], excerptCount: Int, _ session: ControlSession) {
    var chosen: [Int] = []
    for name in names {
      guard let index = topology.resources.firstIndex(where: { $0.name == name }) else {
        return session.reply(.refused(unknownResource(name)))
      }
      if !chosen.contains(index) { chosen.append(index) }
    }
    let excerptCount = min(max(excerptCount, 0), Self.excerptLimit)
    show(names.isEmpty ? declaredResources : chosen, excerptCount: excerptCount, session)
  }

  func unknownResource(_ name: String) -> Refusal {
    let help = Self.help(for: name, among: declaredResources.map { topology.resources[$0].name })
    return Refusal("project '\(topology.name)' has no resource '\(name)'", help: help, exitCode: 1)
  }

  /// Without the queues that mporch has added for managed objects and pools.
  private var declaredResources: [Int] {
    let added = Set(topology.services.flatMap(\.queues).map(\.index))
    return topology.resources.indices.filter { !added.contains($0) }
  }

  private func show(_ chosen: [Int], excerptCount: Int, _ session: ControlSession) {
    let managed = chosen.filter { topology.resources[$0].kind.isManaged }
    guard !managed.isEmpty, let managedLook else {
      return session.reply(.resources(statuses(of: chosen, excerptCount: excerptCount, [:])))
    }
    managedLook.ask(about: managed.map(numberOfManaged), elementCount: max(1, excerptCount)) {
      [unowned self] answers in
      session.reply(.resources(statuses(of: chosen, excerptCount: excerptCount, answers)))
    }
  }

  /// As the server counts them.
  private func numberOfManaged(_ index: Int) -> Int {
    topology.resources[...index].count { $0.kind.isManaged }
  }

  private func statuses(
    of chosen: [Int], excerptCount: Int, _ contents: [Int: ManagedLook.Contents]
  ) -> [ResourceStatus] {
    let reporter = ResourceReporter(
      arena: arena, resources: topology.resources,
      waits: WaitTable(
        arena, workers: instances.filter { $0.state.life != nil }.map(\.index) + couriers.values.map(\.worker)),
      now: MonotonicClock.now, party: party, excerptCount: excerptCount)
    return chosen.compactMap { index in
      let detail: ResourceStatus.Detail? =
        switch topology.resources[index].kind {
        case .managed(let type, _): .managed(row(type, contents[numberOfManaged(index)]))
        case .pool(let pool): row(of: pool, index, reporter).map { .pool($0) }
        default: reporter.detail(of: index) { rates(of: index, $0) }
        }
      return detail.map { ResourceStatus(name: topology.resources[index].name, detail: $0) }
    }
  }

  /// `nil` also for the supervisor itself, which may hold something for a moment.
  func party(_ worker: Int) -> ResourceStatus.Party? {
    if let courier = couriers.first(where: { $0.value.worker == worker }) {
      let verb = arena.plan.links(of: worker).writes.isEmpty ? "get" : "put"
      return ResourceStatus.Party(name: "mporch \(verb)", pid: courier.key)
    }
    return instance(ofWorker: worker).map {
      ResourceStatus.Party(name: $0.name, pid: $0.state.life?.pid)
    }
  }

  private func rates(of index: Int, _ report: QueueReport) -> (in: Double?, out: Double?) {
    queueRates[index, default: QueueRates(startedAt: startedAt)].rates(
      puts: report.puts, finished: report.finished, time: Clock.monotonicNanoseconds)
  }

  // MARK: Services

  private func row(_ type: Resource.ManagedType, _ contents: ManagedLook.Contents?) -> ResourceStatus.Managed {
    let server = topology.services.first { $0.role == .managedObjects }.map { topology.processes[$0.process].name }
    return ResourceStatus.Managed(
      type: type.rawValue, server: server ?? "", length: contents?.length, excerpt: contents?.excerpt)
  }

  private func row(
    of pool: Resource.Pool, _ index: Int, _ reporter: ResourceReporter
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
