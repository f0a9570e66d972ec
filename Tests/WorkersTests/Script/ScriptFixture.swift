#if Lua
  import Sharing
  import Testing
  import Topology
  @testable import Workers

  /// A script's world in this process: every resource belongs to worker 0, or, where a test wants another side, to
  /// worker 1, which is this process too.
  final class ScriptFixture {
    let arena: Arena
    let context: ScriptContext
    private var objects: [ScriptBindings.Named] = []

    enum Declared {
      case queue(ItemType, capacity: Int = 64, whenFull: ArenaPlan.WhenFull = .block, maxDeliveries: Int = 5)
      case pipe(ItemType)
      case value(ElementType)
      case array(ElementType, count: Int)
      case lock
    }

    private let declared: [(String, Declared)]

    init(_ declared: [(String, Declared)]) throws {
      self.declared = declared
      var plan = ArenaPlan()
      plan.workers = [ArenaPlan.Worker(group: 0), ArenaPlan.Worker(group: 1)]
      plan.resources = declared.map { Self.plan($0.1) }
      arena = try Arena(plan, name: "test")
      context = ScriptContext(arena: arena, worker: 0)
      makeObjects()
    }

    /// Another life of the same worker: with nothing in its own memory.
    init(sharing other: ScriptFixture) {
      declared = other.declared
      arena = other.arena
      context = ScriptContext(arena: arena, worker: 0)
      makeObjects()
    }

    private func makeObjects() {
      objects = declared.enumerated().map { ($1.0, object($1.1, $0, $1.0)) }
    }

    private static func plan(_ declared: Declared) -> ArenaPlan.Resource {
      switch declared {
      case .queue(let type, let capacity, let whenFull, let maxDeliveries):
        .queue(
          ArenaPlan.Queue(
            capacity: capacity, byteCount: 1 << 16, format: ScriptItemType(type).format, whenFull: whenFull,
            maxDeliveries: maxDeliveries, readers: [0, 1], writers: [0, 1]))
      case .pipe(let type):
        .pipe(
          ArenaPlan.Pipe(
            byteCount: 1 << 12, formatFromA: ScriptItemType(type).format, formatFromB: ScriptItemType(type).format,
            isDuplex: true, holderOfA: 0, holderOfB: 1))
      case .value(let type): .value(elementByteCount: type.byteCount)
      case .array(let type, let count): .array(elementByteCount: type.byteCount, count: count)
      case .lock: .lock(isRecursive: false)
      }
    }

    private func object(_ declared: Declared, _ index: Int, _ name: String) -> any ScriptObject {
      switch declared {
      case .queue(let type, _, _, _): return queue(type, index, name)
      case .pipe(let type):
        let end = { (fromA: Bool) in ScriptPipeEnd.Direction(self.arena.pipe(index, fromA: fromA)!, type) }
        return ScriptPipeEnd(resourceName: name, incoming: end(false), outgoing: end(true), context: context)
      case .value(let type):
        return ScriptValue(
          SharedValue(type: type, at: arena.elements(index)!.baseAddress!), resourceName: name)
      case .array(let type, let count):
        let elements = arena.elements(index)!
        return ScriptArray(SharedArray(type: type, count: count, elements: elements), resourceName: name)
      case .lock: return ScriptLock(arena.lock(index, worker: 0)!, resourceName: name, context: context)
      }
    }

    private func queue(_ type: ItemType, _ index: Int, _ name: String) -> ScriptQueue {
      let input = ScriptInput(arena.queueReader(index, worker: 0)!, type: type, context: context)
      context.conclusions.append { input.conclude() }
      let port = OutputPort.queue(arena.queueWriter(index, worker: 0)!)
      let lane = Outlet.Lane(port: port, type: type, buffer: RecordBuffer(format: port.format), resourceName: name)
      return ScriptQueue(
        resourceName: name, input: input, output: ScriptOutput([lane], context: context), context: context)
    }

    /// `raises(f, pattern)` is there beside what scripts have; an assertion that fails is the test's failure.
    func run(_ source: String, memoryLimit: Int? = nil) throws {
      let watchdog = watchdog()
      defer { watchdog.cancel() }
      let globals = ScriptGlobals(context) { _ in fatalError("a test's script must not exit") }
      try withExtendedLifetime((objects, globals)) {
        let state = try ScriptState(memoryLimit: memoryLimit)
        for type in ScriptObjects.all { try state.define(type) }
        try globals.define(in: state)
        for (name, object) in objects { try state.define(name, object) }
        try state.run(ScriptChunk(text: Self.helpers, name: "=helpers"))
        try state.run(ScriptChunk(text: source, file: "test.yaml"))
      }
    }

    /// A loop that waits for ever sees the end of its queue then.
    private func watchdog() -> Task<Void, any Error> {
      // The arena is memory that processes share: it takes another thread too.
      nonisolated(unsafe) let arena = arena
      return Task.detached {
        try await Task.sleep(for: .seconds(20))
        for worker in 0...1 { arena.endForGood(worker, failed: true) }
      }
    }

    private static let helpers = """
      function raises(pattern, f, ...)
        local ok, message = pcall(f, ...)
        if ok then error('nothing was raised, though it should match: ' .. pattern, 2) end
        if not tostring(message):find(pattern) then error(message .. ' does not match ' .. pattern, 2) end
      end
      function same(a, b)
        if a ~= b or math.type(a) ~= math.type(b) then
          error(tostring(a) .. ' is not ' .. tostring(b), 2)
        end
      end
      """
  }
#endif
