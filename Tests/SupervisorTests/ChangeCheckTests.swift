import Sharing
import Testing
import Topology

@testable import Supervisor

@Suite struct ChangeCheckTests {
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
}
