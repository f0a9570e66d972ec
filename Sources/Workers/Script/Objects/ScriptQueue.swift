#if Lua
  internal import Sharing

  /// A queue, as a script reads and writes it; or several under one name, which a put goes to.
  final class ScriptQueue: ScriptObject {
    static let name = "queue"

    private let resourceName: String
    private let input: ScriptInput?
    private let output: ScriptOutput?
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init(resourceName: String, input: ScriptInput?, output: ScriptOutput?, context: ScriptContext) {
      self.resourceName = resourceName
      self.input = input
      self.output = output
      self.context = context
    }

    static let methods = [
      ScriptMethod("put") { serve($0) { (queue: ScriptQueue, call) in try queue.put(&call) } },
      ScriptMethod("get") { serve($0) { (queue: ScriptQueue, call) in try queue.get(&call) } },
      ScriptMethod("next_of_loop") { serve($0) { (queue: ScriptQueue, call) in try queue.nextOfLoop(&call) } },
      ScriptMethod("reject") { serve($0) { (queue: ScriptQueue, call) in try queue.reject(&call) } },
      ScriptMethod("ack") { serve($0) { (queue: ScriptQueue, call) in try queue.acknowledge(&call) } },
      ScriptMethod("task_done") { serve($0) { (queue: ScriptQueue, call) in try queue.acknowledge(&call) } },
      ScriptMethod("join") { serve($0) { (queue: ScriptQueue, call) in try queue.join(&call) } },
      ScriptMethod("size") { serve($0) { (queue: ScriptQueue, call) in try queue.size(&call) } },
      ScriptMethod("close") { serve($0) { (queue: ScriptQueue, call) in try queue.close(&call) } },
    ]

    /// The iterator is the method itself: what a generic `for` calls with the queue.
    static let prelude: String? = """
      local next_of_loop = methods.next_of_loop
      methods.next_of_loop = nil
      function methods.items(queue) return next_of_loop, queue end
      """

    // MARK: Writing

    private func put(_ call: inout ScriptCall) throws {
      guard let output else {
        throw ScriptMisuse("this process only reads '\(resourceName)'; to put items, name it under 'out'")
      }
      if let reason = try output.put(call, until: call.deadline(1)) {
        call.giveNil(reason)
      } else {
        call.give(true)
      }
    }

    /// For mporch's own scripts, which decide by what became of it: `true`, or `nil` and `timeout`, `closed`, `too_large`, or
    /// `no_item` and what it is.
    func offer(_ call: inout ScriptCall) throws {
      do {
        try put(&call)
      } catch is ScriptClosed {
        call.giveNil(.closed)
      } catch ScriptOutput.Refusal.tooLarge {
        call.giveNil()
        call.give("too_large")
      } catch ScriptOutput.Refusal.mismatch(let value, _) {
        call.giveNil()
        call.give("no_item")
        try call.give(text: value)
      } catch let misuse as ScriptMisuse {
        call.giveNil()
        call.give("no_item")
        try call.give(text: misuse.message)
      }
    }

    // MARK: Reading

    private func reading() throws -> ScriptInput {
      guard let input else {
        throw ScriptMisuse("this process only writes '\(resourceName)'; to get items, name it under 'in'")
      }
      if input.isClosed { throw ScriptMisuse("'\(resourceName)' was closed by this process") }
      return input
    }

    private func get(_ call: inout ScriptCall) throws {
      let input = try reading()
      switch input.next(inLoop: false, until: try call.deadline(0)) {
      case .item(let payload): call.give(payload, input.type)
      case .none(let reason): call.giveNil(reason)
      }
    }

    private func nextOfLoop(_ call: inout ScriptCall) throws {
      let input = try reading()
      // The generic `for` passes the last item; there is no time-out.
      switch input.next(inLoop: true, until: nil) {
      case .item(let payload): call.give(payload, input.type)
      case .none: call.giveNil()
      }
    }

    private func acknowledge(_ call: inout ScriptCall) throws {
      guard try reading().acknowledge() else {
        throw ScriptMisuse("'ack' more often than items were got from '\(resourceName)'")
      }
      call.give(true)
    }

    /// The item got last, with a reason for the log.
    private func reject(_ call: inout ScriptCall) throws {
      let input = try reading()
      let reason = call.text(0)
      if call.isGiven(0), reason == nil {
        throw ScriptMisuse("the reason of 'reject' is a text, not \(call.describe(0))")
      }
      switch try input.reject(because: reason, until: call.deadline(1)) {
      case .deadLettered, .lost: call.give(true)
      case .full: call.giveNil(.full)
      case .timedOut: call.giveNil(.timeout)
      case nil: throw ScriptMisuse("'reject' without an item: get one from '\(resourceName)' first")
      }
    }

    // MARK: The whole

    private func queueWriter() throws -> QueueWriter {
      if let writer = output?.queue { return writer }
      if let reader = input?.reader {
        return context.arena.queueWriter(reader.queue.resource, worker: context.entry.worker)!
      }
      throw ScriptMisuse("'\(resourceName)' stands for several; ask one of them")
    }

    private func join(_ call: inout ScriptCall) throws {
      let deadline = try call.deadline(0)
      let queue = try queueWriter()
      context.prepareToWait()
      if context.stepper.awaitDrain(of: queue, until: deadline) { call.give(true) } else { call.giveNil(.timeout) }
    }

    private func size(_ call: inout ScriptCall) throws {
      call.give(Int64(try queueWriter().queue.count + (input?.unreadCount ?? 0)))
    }

    /// This process's ends of it: nothing more is put, or got.
    private func close(_ call: inout ScriptCall) throws {
      input?.close()
      output?.close()
      call.give(true)
    }
  }
#endif
