import Glibc
import Platform
import Sharing
import Testing
import Topology

@testable import Supervisor

@Suite struct ChangeTests {
  /// A queue between one process that writes and `readers` instances of one that reads.
  private func topology(_ name: String = "t", readers: Int = 3) -> Topology {
    var (writer, reader) = (Declared.process("source"), Declared.process("sink", replicas: readers))
    writer.outputs = [PortBinding(port: "out", target: Declared.reference(0))]
    reader.inputs = [PortBinding(port: "in", target: Declared.reference(0))]
    return Topology(
      name: name, files: ["t.yaml"], directory: "/",
      resources: [Resource(name: "flow", kind: .queue(Resource.Queue()), place: Declared.place)],
      processes: [writer, reader])
  }

  private func check(of topology: Topology) throws -> ChangeCheck {
    let instances = InstancePlan.all(of: topology).enumerated().map { index, plan in
      Instance(
        index: index, plan: plan, declaration: SharedDeclaration(topology.processes[plan.process]),
        upStreams: UpStreamUse())
    }
    return ChangeCheck(
      life: RunLife(topology, instances: instances), arena: try Arena(ArenaPlan(topology), name: "test"), kinds: [])
  }

  private func made(_ topology: Topology) -> TopologySource.Made {
    let record = FileRecord()
    return TopologySource.Made(
      request: StartRequest(files: [], filePaths: [], record: record, attachment: .detached(wait: false)),
      record: record, topology: topology)
  }

  // MARK: What is possible

  @Test func fewerReadersLeaveTheRestWhatTheyHaveTaken() throws {
    let planned = try check(of: topology()).plan(made(topology(readers: 1)))
    #expect(planned.plan["sink"]?.change == .scaled(from: 3, to: 1))
    #expect(planned.topology.processes.map(\.replicas) == [1, 1])
  }

  @Test func nobodyLeavesWhoseHeirsHaveEnded() throws {
    let check = try check(of: topology())
    for instance in check.life.instances where instance.name == "sink-1" {
      _ = instance.life.take(.unneeded, while: .running)
    }
    let refusal = #expect(throws: Refusal.self) { try check.plan(made(topology(readers: 1))) }
    #expect(refusal?.message.contains("nobody would do what 'sink-2' has taken") == true)
    // The other one that stays is an heir.
    #expect(throws: Never.self) { try check.plan(made(topology(readers: 2))) }
  }

  @Test func noMoreComeThanThereIsRoomFor() throws {
    let refusal = #expect(throws: Refusal.self) { try check(of: topology()).plan(made(topology(readers: 4))) }
    #expect(refusal?.exitCode == 69)
  }

  @Test func anotherProjectIsNoChangeOfThisOne() throws {
    let refusal = #expect(throws: Refusal.self) { try check(of: topology()).plan(made(topology("other"))) }
    #expect(refusal?.help == "give the name with -p t")
  }

  // MARK: One at a time

  /// A command's connection. Nobody looks at it: the loop does not run.
  private func session(_ loop: EventLoop) throws -> ControlSession {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    close(ends[1])
    return try ControlSession(Descriptor(owning: ends[0]), loop: loop, onRequest: { _, _ in }, onClose: { _ in })
  }

  private var died: LifeEvent { .died(.init(outcome: .succeeded(byEndOfStream: false), lived: .zero)) }

  @Test func takesEffectWhenAllThatItStopsHaveEndedAndTellsWhoWasKilled() throws {
    let check = try check(of: topology())
    let changes = Changes(TopologySource(managedServer: "") { _, _ in topology() }, made(topology()))
    for instance in check.life.instances {
      _ = instance.life.take(.began(.init(pid: Int32(instance.index + 1), startedAt: 0)), while: .running)
    }
    #expect(changes.takeReady().map(\.killed) == nil)
    let planned = try check.plan(made(topology(readers: 1)))
    changes.begin(OngoingChange(planned, check.life, try session(EventLoop())))
    let leaving = check.life.instances.suffix(2)
    for instance in leaving {
      #expect(changes.takeReady().map(\.killed) == nil)
      _ = instance.life.take(.halt(grace: nil), while: .running)
      _ = instance.life.take(died, while: .running)
    }
    changes.recordKill(of: check.life.instances[0])
    changes.recordKill(of: check.life.instances[3])
    let change = try #require(changes.takeReady())
    #expect(change.report.killed == ["sink-3"])
    #expect(changes.ongoing.map(\.killed) == nil)
  }

  @Test func whatIsAskedForMeanwhileComesAfterIt() throws {
    let (check, loop) = (try check(of: topology()), try EventLoop())
    let changes = Changes(TopologySource(managedServer: "") { _, _ in topology() }, made(topology()))
    let (first, second) = (try session(loop), try session(loop))
    #expect(!changes.postpone(.ps, first))
    changes.begin(OngoingChange(try check.plan(made(topology(readers: 1))), check.life, first))
    #expect(changes.postpone(.ps, second))
    #expect(changes.postpone(.status, first))
    changes.remove(second)
    #expect(changes.takePostponed().map(\.request.isStatus) == [true])
    #expect(changes.takePostponed().isEmpty)
  }
}

extension ControlRequest {
  fileprivate var isStatus: Bool { if case .status = self { true } else { false } }
}
