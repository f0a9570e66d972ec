#if Lua
  internal import Platform
  internal import Sharing
  internal import Topology

  /// An end of a pipe: messages in order, each whole.
  final class ScriptPipeEnd: ScriptObject {
    static let name = "pipe end"

    struct Direction {
      let pipe: PipeDirection
      let itemType: ItemType
      let type: ScriptItemType

      init(_ pipe: PipeDirection, _ itemType: ItemType) {
        self.pipe = pipe
        self.itemType = itemType
        type = ScriptItemType(itemType)
      }
    }

    private let resourceName: String
    private let incoming: Direction?
    private var input: ItemInput?
    private let outgoing: Direction?
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext
    /// Behind the message that the script was given last; it is finished by the next look at the pipe.
    private var given: UInt64?

    init(resourceName: String, incoming: Direction?, outgoing: Direction?, context: ScriptContext) {
      self.resourceName = resourceName
      self.incoming = incoming
      input = incoming.map { ItemInput(.pipe($0.pipe), of: context.entry, spin: context.spin) }
      self.outgoing = outgoing
      self.context = context
    }

    deinit { input?.deallocate() }

    static let methods = [
      ScriptMethod("send") { serve($0) { (end: ScriptPipeEnd, call) in try end.send(&call) } },
      ScriptMethod("receive") { serve($0) { (end: ScriptPipeEnd, call) in try end.receive(&call) } },
      ScriptMethod("poll") { serve($0) { (end: ScriptPipeEnd, call) in try end.poll(&call) } },
      ScriptMethod("close") { serve($0) { (end: ScriptPipeEnd, call) in end.close(&call) } },
    ]

    // MARK: Sending

    private func send(_ call: inout ScriptCall) throws {
      guard let outgoing else {
        throw ScriptMisuse("this process only receives by '\(resourceName)'; to send, name it under 'out'")
      }
      let pipe = outgoing.pipe
      if pipe.ends.contains(.writerEnded) { throw closedHere }
      let deadline = try call.deadline(1)
      let message = try encode(call, outgoing)
      switch context.stepper.put(message, into: .pipe(pipe), until: deadline, beforeSleep: { context.prepareToWait() })
      {
      case .done:
        context.entry.add(1, to: .itemsOut)
        context.entry.add(UInt64(message.payloadByteCount), to: .bytesOut)
        call.give(true)
      case nil: call.giveNil(.timeout)
      // A pipe is not declared to drop anything, or to fail where it is full.
      case .closed, .dropped, .full: call.giveNil(.broken)
      }
    }

    private func encode(_ call: ScriptCall, _ outgoing: Direction) throws -> PendingRecords {
      let limit = outgoing.pipe.messageByteLimit
      switch try call.encode(0, as: outgoing.type, payloadLimit: limit) {
      case .record(let message): return message
      case .mismatch(let value):
        throw ScriptMisuse("'\(resourceName)' carries \(outgoing.itemType.name) and can't take \(value)")
      case .tooLarge:
        throw ScriptMisuse("a message is larger than '\(resourceName)' takes (bytes: \(limit)); raise its 'bytes'")
      }
    }

    // MARK: Receiving

    private func receiving() throws -> Direction {
      guard let incoming else {
        throw ScriptMisuse("this process only sends by '\(resourceName)'; to receive, name it under 'in'")
      }
      if incoming.pipe.ends.contains(.readerEnded) { throw closedHere }
      return incoming
    }

    private var closedHere: ScriptMisuse { ScriptMisuse("'\(resourceName)' was closed by this process") }

    private func finishGiven() {
      guard let position = given else { return }
      incoming?.pipe.advance(to: position)
      given = nil
    }

    private func receive(_ call: inout ScriptCall) throws {
      let incoming = try receiving()
      switch next(until: try call.deadline(0)) {
      case .taken(let held):
        let message = held.run
        given = message.to
        context.entry.add(1, to: .itemsIn)
        context.entry.add(UInt64(message.payloadByteCount), to: .bytesIn)
        call.give(incoming.pipe.payload(of: message), incoming.type)
        incoming.pipe.take(to: message.to)
      case .ended(let failed):
        context.sawEndOfInput = true
        if failed { context.sawIncompleteInput = true }
        call.giveNil(failed ? .failed : .closed)
      case .nothing: call.giveNil(.timeout)
      }
    }

    /// A message, or the end; it stays as it is.
    private func next(until deadline: UInt64?) -> ItemInput.Take {
      finishGiven()
      return input?.take(.atMost(1), until: deadline) { context.prepareToWait() } ?? .nothing
    }

    /// Does not wait unless it is told to.
    private func poll(_ call: inout ScriptCall) throws {
      _ = try receiving()
      switch next(until: call.isGiven(0) ? try call.deadline(0) : 0) {
      case .taken, .ended: call.give(true)
      case .nothing: call.giveNil(.timeout)
      }
    }

    // MARK: The end

    private func close(_ call: inout ScriptCall) {
      finishGiven()
      // In this order: who has seen the end of what comes finds that nobody takes what it sends.
      incoming?.pipe.end(.readerEnded)
      outgoing?.pipe.end(.writerEnded)
      call.give(true)
    }

    /// At a good end.
    func conclude() { finishGiven() }

    // MARK: Several at once

    /// A message is there, or the end.
    private var isReady: Bool { incoming.map { $0.pipe.hasNews(since: $0.pipe.head) } ?? false }

    /// The indices of those that a receive would not wait for; empty in vain.
    static func ready(_ ends: [ScriptPipeEnd], until deadline: UInt64?, _ context: ScriptContext) throws -> [Int] {
      let directions = try ends.map { try $0.receiving().pipe }
      for end in ends { end.finishGiven() }
      while true {
        let ready = ends.indices.filter { ends[$0].isReady }
        if !ready.isEmpty || MonotonicClock.hasPassed(deadline) { return ready }
        func isReady() -> Bool { ends.contains(where: \.isReady) }
        if context.spin.run(until: isReady) { continue }
        context.prepareToWait()
        context.entry.beginWait(readingAny: directions, isTimed: deadline != nil)
        PipeDirection.sleep(readingAny: directions, until: deadline, unless: isReady)
        context.entry.endWait()
      }
    }
  }
#endif
