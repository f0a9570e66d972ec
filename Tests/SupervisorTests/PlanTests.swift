import Sharing
import Testing
import Topology

@testable import Supervisor

struct ArenaPlanTests {
  private func topology(_ resources: [Resource.Kind], _ processes: [ProcessDeclaration]) -> Topology {
    Topology(
      name: "t", files: ["t.yaml"], directory: "/",
      resources: resources.enumerated().map { Resource(name: "r\($0)", kind: $1, place: Declared.place) },
      processes: processes)
  }

  /// Seen to fail: a group for each instance.
  @Test func replicasShareAGroupAndTouchTheSameQueues() {
    var writer = Declared.process("w", replicas: 2)
    writer.outputs = [PortBinding(port: "out", target: Declared.reference(0))]
    var reader = Declared.process("r", replicas: 3)
    reader.inputs = [PortBinding(port: "in", target: Declared.reference(0))]
    var queue = Resource.Queue()
    queue.storedType = .int64
    let plan = ArenaPlan(topology([.queue(queue)], [writer, reader]))
    #expect(plan.workers.map { $0?.group } == [0, 0, 1, 1, 1])
    guard case .queue(let planned) = plan.resources[0] else {
      Issue.record("no queue")
      return
    }
    #expect(planned.writers == [0, 1])
    #expect(planned.readers == [2, 3, 4])
    #expect(planned.format == .fixed(byteCount: 8))
  }

  /// Seen to fail: an end for each port.
  @Test func aQueueNamedTwiceByOneProcessCountsItOnce() {
    var process = Declared.process("p")
    process.outputs = [
      PortBinding(port: "a", target: Declared.reference(0)), PortBinding(port: "b", target: Declared.reference(0)),
    ]
    let plan = ArenaPlan(topology([.queue(Resource.Queue())], [process]))
    guard case .queue(let planned) = plan.resources[0] else {
      Issue.record("no queue")
      return
    }
    #expect(planned.writers == [0])
  }

  /// Seen to fail: always an initial count of 1; no users of a barrier.
  @Test func primitivesKnowTheirUsers() {
    var user = Declared.process("u", replicas: 2)
    user.uses = (0...4).map { UseBinding(name: "r\($0)", target: Declared.reference($0)) }
    let other = Declared.process("o")
    let plan = ArenaPlan(
      topology(
        [
          .lock(recursive: true), .semaphore(initial: 3, bounded: true), .condition(lock: ResourceID(0)),
          .event(initial: true), .barrier(parties: 2),
        ], [other, user]))
    func initial<State: PrimitiveState>(_ index: Int, _: State.Type) -> State? {
      guard case .primitive(let primitive) = plan.resources[index], primitive.users == [1, 2] else { return nil }
      return primitive.initial as? State
    }
    #expect(initial(1, SemaphoreState.self) == SemaphoreState(initial: 3, isBounded: true))
    #expect(initial(2, ConditionState.self) == ConditionState(lock: 0))
    #expect(initial(3, EventState.self) == EventState(isSet: true))
    #expect(initial(4, BarrierState.self) == BarrierState(parties: 2))
  }

  /// Seen to fail: end b taken for a.
  @Test func aPipesEndsHaveTheirHolders() {
    var left = Declared.process("left")
    left.uses = [UseBinding(name: "p", target: Declared.reference(0, .a))]
    var right = Declared.process("right")
    right.inputs = [PortBinding(port: "in", target: Declared.reference(0, .b))]
    right.outputs = [PortBinding(port: "out", target: Declared.reference(0, .b))]
    let plan = ArenaPlan(topology([.pipe(Resource.Pipe())], [left, right]))
    guard case .pipe(let planned) = plan.resources[0] else {
      Issue.record("no pipe")
      return
    }
    #expect(planned.holderOfA == 0)
    #expect(planned.holderOfB == 1)
    #expect(planned.formatFromA == .framed)
  }
}

struct ElementBytesTests {
  /// Seen to fail: an int16 read as a uint16.
  @Test(arguments: ElementType.allCases)
  func everyTypeRoundTripsItsExtremes(type: ElementType) {
    for (literal, number) in Self.extremes(of: type) {
      guard let bytes = ElementBytes.encode(literal, as: type) else {
        Issue.record("\(literal) does not fit \(type)")
        continue
      }
      #expect(bytes.count == type.byteCount)
      #expect(ElementBytes.decode(bytes, as: type) == [number])
    }
  }

  /// Seen to fail: what does not fit cut to the type.
  @Test func whatDoesNotFitIsRefused() {
    #expect(ElementBytes.encode(.int(128), as: .int8) == nil)
    #expect(ElementBytes.encode(.int(-1), as: .uint64) == nil)
    #expect(ElementBytes.encode(.int(1), as: .bool) == nil)
    #expect(ElementBytes.encode(.float(1.5), as: .int32) == nil)
  }

  private static func extremes(of type: ElementType) -> [(Literal, ResourceStatus.Number)] {
    switch type {
    case .bool: [(.bool(true), .bool(true)), (.bool(false), .bool(false))]
    case .int8: [(.int(-128), .int(-128)), (.int(127), .int(127))]
    case .int16: [(.int(-32768), .int(-32768)), (.int(32767), .int(32767))]
    case .int32: [(.int(-2_147_483_648), .int(-2_147_483_648)), (.int(2_147_483_647), .int(2_147_483_647))]
    case .int64: [(.int(.min), .int(.min)), (.int(.max), .int(.max))]
    case .uint8: [(.int(255), .unsigned(255))]
    case .uint16: [(.int(65535), .unsigned(65535))]
    case .uint32: [(.int(4_294_967_295), .unsigned(4_294_967_295))]
    case .uint64: [(.unsigned(.max), .unsigned(.max)), (.int(0), .unsigned(0))]
    case .float32: [(.float(-0.5), .float(-0.5)), (.int(3), .float(3))]
    case .float64: [(.float(.greatestFiniteMagnitude), .float(.greatestFiniteMagnitude))]
    }
  }
}

struct UpStreamUseTests {
  private let signature = KindSignature(
    "copy", "", answers: .none,
    parameters: [
      .init("path", .inputPaths, required: true, ""), .init("to", .outputPath, default: .string("-"), ""),
      .init("note", .string, ""),
    ])

  private func use(_ arguments: [(String, Literal)]) -> UpStreamUse {
    var process = Declared.process("p")
    process.parameters = arguments.map { Argument(name: $0.0, value: $0.1, place: Declared.place) }
    return UpStreamUse(process, signature: signature)
  }

  /// Seen to fail: lists not looked through.
  @Test func aDashInAListOfPathsIsTheInput() {
    #expect(use([("path", .list([.string("a"), .string("-")]))]).readsInput)
    #expect(!use([("path", .string("a"))]).readsInput)
  }

  /// Seen to fail: only what is given counted.
  @Test func aDefaultCounts() {
    #expect(use([]).writesOutput)
    #expect(!use([("to", .string("file"))]).writesOutput)
  }

  /// Seen to fail: the parameter's type not looked at.
  @Test func aDashElsewhereIsJustAString() {
    #expect(!use([("note", .string("-")), ("path", .string("a"))]).readsInput)
  }
}

struct MemoryDemandTests {
  /// Seen to fail: the first one named; no look at the memory.
  @Test func namesTheLargestResource() {
    let arrays = [("small", 8), ("huge", 1 << 30), ("middling", 1 << 20)].map { name, length in
      Resource(name: name, kind: .array(.int64, length: length, initial: []), place: Declared.place)
    }
    let topology = Topology(name: "t", files: ["t.yaml"], directory: "/", resources: arrays)
    let demand = MemoryDemand(topology, ArenaPlan(topology))
    #expect(throws: Never.self) { try demand.check(against: 1 << 40) }
    #expect(throws: Never.self) { try demand.check(against: nil) }
    let refusal = #expect(throws: Refusal.self) { try demand.check(against: 1 << 30) }
    #expect(refusal?.exitCode == 69)
    #expect(refusal?.help == "the largest part is array 'huge' (line 3): 8.0GiB")
  }
}
