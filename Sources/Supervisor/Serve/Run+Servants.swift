internal import Glibc
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology

/// Processes that serve commands at the run's queues: taps, and couriers for `get` and `put`. Each answers one command,
/// so that a slow one holds up nobody, and none is a process of the run.
extension Run {
  /// Each is a process and a descriptor.
  private static let servantLimit = 64
  private static let lastMoment = Duration.milliseconds(300)

  /// From here on the process that `start` gives answers, which keeps the descriptor.
  func serve(
    _ session: ControlSession, by start: (ServedClient) throws(Refusal) -> Int32
  ) throws(Refusal) {
    guard case .running = phase else { throw Refusal("project '\(topology.name)' is stopping", exitCode: 1) }
    guard servedClients.count < Self.servantLimit else {
      throw Refusal(
        "\(Self.servantLimit) commands get, put or tap at this run already", help: "end one of them", exitCode: 69)
    }
    let client: ServedClient
    do throws(Errno) {
      client = ServedClient(try session.duplicate())
    } catch {
      throw Refusal("a connection can't be handed on: \(error)", exitCode: 69)
    }
    servedClients[try start(client)] = client
    session.close()
  }

  func isServant(_ pid: Int32) -> Bool { servedClients[pid] != nil }

  /// One that ended by itself has said why.
  func tellClient(servedBy death: ChildProcess.Death) {
    guard let client = servedClients.removeValue(forKey: death.pid), death.isSignalled else { return }
    client.say(
      .refused(
        Refusal(
          "the process that served this command was ended by \(SignalName.words(for: death.status))", exitCode: 1)))
  }

  /// With the run. A tap whose queue is over says by itself what it has not shown: it has a moment for that.
  func endServants() {
    for pid in couriers.keys { endServant(pid) }
    guard !servedClients.isEmpty else { return }
    _ = loop.after(Self.lastMoment) { [unowned self] in for pid in Array(servedClients.keys) { endServant(pid) } }
  }

  func endServant(_ pid: Int32) {
    guard let client = servedClients.removeValue(forKey: pid) else { return }
    Glibc.kill(pid, SIGKILL)
    client.say(.finished(.runEnded))
  }

  func tap(_ name: String, _ session: ControlSession) {
    do throws(Refusal) {
      let index = try resource(name)
      guard case .queue(let declared) = topology.resources[index].kind, let queue = arena.queue(index) else {
        throw wrongSort(index, "'mporch tap' watches queues")
      }
      try serve(session) { client throws(Refusal) in
        do throws(Errno) {
          return try spawner.spawnServant("mporch-tap", keeping: client.descriptor) {
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
}
