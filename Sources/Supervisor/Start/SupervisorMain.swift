internal import Glibc
internal import Platform
internal import SystemPackage
internal import Topology
package import Workers

/// What the hidden command `__supervise` does: this process becomes the supervisor of one run.
///
/// Descriptor 3 is the connection to the `mporch up` that started it; the first frame there is the start request.
/// Descriptors 0 and 1 are the standard streams of `up`, for processes that read or write `-`.
package enum SupervisorMain {
  package static let attachDescriptor: Int32 = 3

  /// `source` reads the topology again, with what the client has checked already.
  package static func run(kinds: [any Kind.Type], source: TopologySource) -> Never {
    settle()
    let run = prepare(kinds, source)
    do throws(Errno) {
      try run.live()
    } catch {
      // Only a broken epoll or no memory at all; the workers go with this process.
      _exit(69)
    }
    _exit(0)
  }

  /// Everything up to the first worker; a refusal is told and ends this process. The connection is the run's then.
  private static func prepare(_ kinds: [any Kind.Type], _ source: TopologySource) -> Run {
    let socket = Descriptor(owning: attachDescriptor)
    guard let request = StartRequest.receive(from: socket) else { _exit(64) }
    do throws(Refusal) {
      let signals = try signals()
      let run = try RunBuilder(request: request, source: source, kinds: kinds).build(socket)
      UpStreams.leaveStandardStreams()
      try listen(run, to: signals)
      return run
    } catch {
      tell(error, socket)
      _exit(error.exitCode)
    }
  }

  private static func settle() {
    CurrentProcess.startSession()
    CurrentProcess.setName("mporch")
    // Of all signals: the workers inherit it, and have SIGPIPE alone to set back.
    CurrentProcess.resetSignals()
    CurrentProcess.ignoreFailingWrites()
    CurrentProcess.closeDescriptors(except: attachDescriptor)
  }

  private static func signals() throws(Refusal) -> SignalDescriptor {
    do throws(Errno) {
      try CurrentProcess.becomeSubreaper()
      return try SignalDescriptor([SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGXCPU, OwnWords.signal])
    } catch {
      throw Refusal("the supervisor can't be set up: \(error)", exitCode: 69)
    }
  }

  private static func listen(_ run: Run, to signals: SignalDescriptor) throws(Refusal) {
    do throws(Errno) {
      _ = try run.loop.watch(signals.number, .read) { _ in
        while let signal = signals.next() { run.handle(signal: signal) }
      }
    } catch {
      throw Refusal("the supervisor can't be set up: \(error)", exitCode: 69)
    }
    run.attach()
    run.serve()
    run.events.client?.send(.accepted(run.status, instances: run.instances.map(\.name)))
  }

  private static func tell(_ refusal: Refusal, _ socket: borrowing Descriptor) {
    WireCoding.frame(SupervisorMessage.refused(refusal)).withUnsafeBytes { bytes in
      _ = try? socket.write(bytes)
    }
  }
}
