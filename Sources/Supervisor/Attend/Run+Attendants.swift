internal import Glibc
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology

/// Processes that serve commands at the run's queues.
extension Run {
  /// Each is a process and a descriptor.
  private static let attendantLimit = 64

  func tap(_ name: String, _ session: ControlSession) {
    do throws(Refusal) {
      let index = try resource(name)
      guard case .queue(let declared) = topology.resources[index].kind, let queue = arena.queue(index) else {
        throw wrongSort(index, "'mporch tap' watches queues")
      }
      try attend(session, as: .tap, "mporch-tap") { [arena] channel in
        // Whatever happens in there: it can't do harm.
        arena.forbidWriting()
        var tap = TapProcess(queue, type: declared.storedType, channel: channel)
        tap.run()
      }
    } catch {
      session.reply(.refused(error))
    }
  }

  /// From here on a process of its own answers.
  func attend(
    _ session: ControlSession, as role: Attendant.Role, _ name: String, _ body: (ClientChannel) -> Never
  ) throws(Refusal) {
    guard case .running = phase else { throw Refusal("project '\(topology.name)' is stopping", exitCode: 1) }
    guard attendants.count < Self.attendantLimit else {
      throw Refusal(
        "\(Self.attendantLimit) commands get, put or tap already", help: "end one of them", exitCode: 69)
    }
    do throws(Errno) {
      let attendant = try Attendant.start(name, role, socket: session.duplicate(), body)
      attendants[attendant.pid] = attendant
      session.close()
    } catch {
      throw Refusal("a process that serves this command can't be started: \(error)", exitCode: 69)
    }
  }

  /// One has died; true: it was one.
  func takeDeath(ofAttendant death: ChildProcess.Death) -> Bool {
    guard let attendant = attendants.removeValue(forKey: death.pid) else { return false }
    ChildProcess.reap(death.pid)
    if death.isSignalled {
      attendant.say(
        .refused(
          Refusal(
            "the process that served this command was ended by \(SignalName.words(for: death.status))", exitCode: 1)))
    }
    return true
  }

  /// With the run.
  func endAttendants() {
    for attendant in attendants.values {
      attendant.kill()
      attendant.say(.finished(.runEnded))
    }
    attendants.removeAll()
  }
}
