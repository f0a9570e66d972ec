internal import Platform
internal import Sharing
internal import SystemPackage
internal import Text
internal import Topology
internal import Workers

/// Processes that serve commands at the run's queues: a courier for each `get` and `put`, which is a reader or a writer of
/// the queue like a worker of the run, and a tap for each `tap`. Each answers one command, so that a slow one holds up
/// nobody, and none is a process of the topology: `ps` does not show it.
final class Servants {
  /// Each is a process and a descriptor.
  private static let limit = 64
  private static let lastMoment = Duration.milliseconds(300)

  private let arena: Arena
  private let loop: EventLoop
  private let host: WorkerHost
  /// The run as it is.
  private let look: () -> RunLife
  /// Lets the run draw its conclusions anew.
  private let wake: () -> Void
  /// By the process that serves it.
  private var clients: [Int32: ServedClient] = [:]

  init(
    arena: Arena, loop: EventLoop, host: WorkerHost, look: @escaping () -> RunLife, wake: @escaping () -> Void
  ) {
    self.arena = arena
    self.loop = loop
    self.host = host
    self.look = look
    self.wake = wake
  }

  var isEmpty: Bool { clients.isEmpty }

  // MARK: Commands

  /// Of values and arrays at once.
  func get(_ request: GetRequest, _ session: ControlSession) {
    let topology = look().topology
    do throws(Refusal) {
      let index = try topology.resource(named: request.resource)
      if let elements = try SharedNumbers(topology, arena).elements(request, of: index) {
        return session.reply(.elements(elements))
      }
      let queue = try topology.externalQueue(index, "'mporch get' reads values, arrays and external queues")
      if request.firstElement != nil {
        throw Refusal("'\(request.resource)' is a queue: it has no elements", help: "name it without […]", exitCode: 1)
      }
      var links = WorkerLinks()
      links.reads = [index]
      try sendCourier(session, links) { arena, worker, channel in
        guard let reader = arena.queueReader(index, worker: worker) else { return }
        var courier = GetCourier(
          reader, of: queue.storedType, entry: arena.entry(worker), channel: channel, request: request)
        courier.run()
      }
    } catch {
      session.reply(.refused(error))
    }
  }

  func put(into name: String, patienceSeconds: Double?, _ session: ControlSession) {
    let topology = look().topology
    do throws(Refusal) {
      let index = try topology.resource(named: name)
      let queue = try topology.externalQueue(
        index, "'mporch put' puts into external queues, 'mporch set' sets values and arrays")
      var links = WorkerLinks()
      links.writes = [index]
      try sendCourier(session, links) { arena, worker, channel in
        guard let writer = arena.queueWriter(index, worker: worker) else { return }
        var courier = PutCourier(
          writer, of: queue.storedType, name: name, stepper: Stepper(arena: arena, worker: worker), channel: channel,
          patienceSeconds: patienceSeconds)
        courier.run()
      }
    } catch {
      session.reply(.refused(error))
    }
  }

  func tap(_ name: String, _ session: ControlSession) {
    let topology = look().topology
    do throws(Refusal) {
      let index = try topology.resource(named: name)
      guard case .queue(let declared) = topology.resources[index].kind, let queue = arena.queue(index) else {
        throw topology.wrongSort(index, "'mporch tap' watches queues")
      }
      try serve(session) { client throws(Refusal) in
        do throws(Errno) {
          return try host.startServant("mporch-tap", keeping: client.descriptor, onEnd: tell(client)) {
            // Whatever happens in there: it can't do harm.
            arena.forbidWriting()
            var tap = TapProcess(queue, type: declared.storedType, channel: ClientChannel(client.descriptor))
            tap.run()
            return 0
          }
        } catch {
          throw Refusal("a process that watches can't be started: \(error)", exitCode: 69)
        }
      }
    } catch {
      session.reply(.refused(error))
    }
  }

  // MARK: Serving

  private func sendCourier(
    _ session: ControlSession, _ links: WorkerLinks, _ work: (Arena, _ worker: Int, ClientChannel) -> Void
  ) throws(Refusal) {
    try serve(session) { client throws(Refusal) in
      let worker: Int
      do throws(AdmissionRefusal) {
        worker = try arena.admit(group: nil, links)
      } catch {
        throw Refusal(error, look().topology)
      }
      do throws(Errno) {
        return try host.startCourier(worker, keeping: client.descriptor, onEnd: tell(client)) { arena, worker in
          CurrentProcess.ignoreFailingWrites()
          work(arena, worker, ClientChannel(client.descriptor))
          return 0
        }
      } catch {
        arena.remove(worker)
        throw Refusal("no process could be started for it: \(error)", exitCode: 69)
      }
    }
  }

  /// From here on the process that `start` gives answers, which keeps the descriptor.
  private func serve(
    _ session: ControlSession, by start: (ServedClient) throws(Refusal) -> Int32
  ) throws(Refusal) {
    let life = look()
    guard case .running = life.phase else {
      throw Refusal("project '\(life.topology.name)' is stopping", exitCode: 1)
    }
    guard clients.count < Self.limit else {
      throw Refusal("\(Self.limit) commands get, put or tap at this run already", help: "end one of them", exitCode: 69)
    }
    let client: ServedClient
    do throws(Errno) {
      client = ServedClient(try session.duplicate())
    } catch {
      throw Refusal("a connection can't be handed on: \(error)", exitCode: 69)
    }
    clients[try start(client)] = client
    session.close()
  }

  /// When the process that serves it is gone. One that ended by itself has said why.
  private func tell(_ client: ServedClient) -> (Ending) -> Void {
    { [unowned self] ending in
      wake()
      guard let pid = clients.first(where: { $0.value === client })?.key else { return }
      clients[pid] = nil
      guard case .signalled(let signal) = ending else { return }
      client.say(
        .refused(
          Refusal("the process that served this command was ended by \(SignalName.words(for: signal))", exitCode: 1)))
    }
  }

  // MARK: Ending

  var haveCouriers: Bool { !host.couriers.isEmpty }

  /// Couriers that put; nobody takes any more what they bring.
  func endWriters() {
    for worker in host.couriers where arena.plan.links(of: worker).reads.isEmpty { end(courier: worker) }
  }

  /// With the run. A tap whose queue is over says by itself what it has not shown: it has a moment for that.
  func end() {
    for worker in host.couriers { end(courier: worker) }
    guard !clients.isEmpty else { return }
    _ = loop.after(Self.lastMoment) { [unowned self] in for pid in Array(clients.keys) { end(pid) } }
  }

  private func end(courier worker: Int) {
    if let pid = host.pid(ofWorker: worker) { end(pid) }
  }

  private func end(_ pid: Int32) {
    guard let client = clients.removeValue(forKey: pid) else { return }
    host.kill(servant: pid)
    client.say(.finished(.runEnded))
  }
}

/// A command that another process answers: kept for the last word, when that process is gone.
final class ServedClient {
  private let socket: Descriptor

  /// `socket` is non-blocking.
  init(_ socket: consuming Descriptor) { self.socket = socket }

  var descriptor: Int32 { socket.number }

  /// Where the command has room for it.
  func say(_ reply: ControlReply) {
    let line = WireCoding.encode(reply) + [UInt8(ascii: "\n")]
    _ = try? line.withUnsafeBytes { bytes throws(Errno) in try socket.write(bytes) }
  }
}

extension Refusal {
  init(_ refusal: AdmissionRefusal, _ topology: Topology) {
    switch refusal {
    case .noRoom(let limit):
      self.init(
        "a run has room for \(limit) workers more than it began with, and they are taken",
        help: "start it anew: mporch down, then mporch up", exitCode: 69)
    case .endIsHeld(let pipe, _):
      self.init(
        "an end of pipe '\(topology.resources[pipe].name)' belongs to a process that is there still", exitCode: 65)
    }
  }
}

/// What commands call resources by.
extension Topology {
  func resource(named name: String) throws(Refusal) -> Int {
    guard let index = resources.firstIndex(where: { $0.name == name }) else {
      let help = Refusal.help(for: name, among: declaredResources.map { resources[$0].name })
      throw Refusal("project '\(self.name)' has no resource '\(name)'", help: help, exitCode: 1)
    }
    return index
  }

  /// Without the queues that mporch has added for managed objects and pools.
  var declaredResources: [Int] {
    let added = Set(services.flatMap(\.queues).map(\.index))
    return resources.indices.filter { !added.contains($0) }
  }

  func wrongSort(_ index: Int, _ help: String) -> Refusal {
    let resource = resources[index]
    return Refusal("'\(resource.name)' is a \(resource.kind.noun) (\(resource.place))", help: help, exitCode: 1)
  }

  fileprivate func externalQueue(_ index: Int, _ help: String) throws(Refusal) -> Resource.Queue {
    let resource = resources[index]
    guard case .queue(let queue) = resource.kind else { throw wrongSort(index, help) }
    guard queue.isExternal else {
      throw Refusal(
        "\(resource.place): error: queue '\(resource.name)' is not open to commands",
        help: "add 'external: true' to it in line \(resource.place.line); 'mporch tap' watches any queue", exitCode: 1)
    }
    return queue
  }
}

extension Refusal {
  /// What a mistyped name may have meant: one of `names` or of `others`; else what `names` there are.
  static func help(for name: String, among names: [String], or others: [String] = []) -> String {
    if let near = nearest(to: name, among: names + others) { return "did you mean '\(near)'?" }
    return names.isEmpty ? "it has none" : "it has: \(names.joined(separator: ", "))"
  }
}
