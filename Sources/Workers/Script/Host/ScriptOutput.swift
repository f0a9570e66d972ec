#if Lua
  internal import Sharing

  /// The writing side of a queue for a script, or of several queues and pipe ends, each of which gets every item. A put
  /// is visible to readers when it returns.
  final class ScriptOutput {
    private let lanes: [Outlet.Lane]
    private let ports: [OutputPort]
    private let types: [ScriptItemType]
    private let itemByteLimits: [Int]
    /// Where it is one queue.
    let queue: QueueWriter?
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext
    /// By this process itself.
    private var isClosed: Bool

    init(_ lanes: [Outlet.Lane], context: ScriptContext) {
      self.lanes = lanes
      ports = lanes.map(\.port)
      types = lanes.map { ScriptItemType($0.type) }
      itemByteLimits = ports.map(\.itemByteLimit)
      if lanes.count == 1, case .queue(let writer) = ports[0] { queue = writer } else { queue = nil }
      self.context = context
      isClosed = ports.contains(where: Self.isClosedHere)
    }

    /// Nothing more is put.
    func close() {
      for port in ports {
        switch port {
        case .queue(let writer): writer.close()
        case .pipe(let pipe): pipe.end(.writerEnded)
        }
      }
      isClosed = true
    }

    private static func isClosedHere(_ port: OutputPort) -> Bool {
      switch port {
      case .queue(let writer): writer.isClosedHere
      case .pipe(let pipe): pipe.ends.contains(.writerEnded)
      }
    }

    /// The first argument; `nil`: done.
    func put(_ call: ScriptCall, until deadline: UInt64?) throws -> ScriptReason? {
      if isClosed {
        context.closedReaders = .live
        throw ScriptClosed()
      }
      let record = try encode(call, lane: 0)
      let outcome =
        if ports.count == 1 {
          try put(record, until: deadline)
        } else {
          try putToAll(call, record, until: deadline)
        }
      if outcome == nil {
        context.entry.add(1, to: .itemsOut)
        context.entry.add(UInt64(record.payloadByteCount), to: .bytesOut)
      }
      return outcome
    }

    private func encode(_ call: ScriptCall, lane index: Int) throws -> PendingRecords {
      switch try call.encode(0, as: types[index], payloadLimit: itemByteLimits[index]) {
      case .record(let record): return record
      case .mismatch(let value):
        throw Refusal.mismatch(value, holder: "'\(lanes[index].resourceName)' holds \(lanes[index].type.name) items")
      case .tooLarge: throw Refusal.tooLarge(byteLimit: itemByteLimits[index], of: lanes[index].resourceName)
      }
    }

    /// What is put is no item of the resource.
    enum Refusal: Error, CustomStringConvertible {
      case mismatch(String, holder: String)
      case tooLarge(byteLimit: Int, of: String)

      var description: String {
        switch self {
        case .mismatch(let value, let holder): "\(holder) and can't take \(value)"
        case .tooLarge(let byteLimit, let name):
          "an item is larger than '\(name)' takes (bytes: \(byteLimit)); raise its 'bytes'"
        }
      }
    }

    private func put(_ record: PendingRecords, until deadline: UInt64?) throws -> ScriptReason? {
      switch context.stepper.put(record, into: ports[0], until: deadline, beforeSleep: { context.prepareToWait() }) {
      case .done: return nil
      case .dropped, .full: return .full
      case nil: return .timeout
      case .closed(let readers):
        context.closedReaders = readers
        throw ScriptClosed()
      }
    }

    /// In one step: each has it, or none.
    private func putToAll(_ call: ScriptCall, _ first: PendingRecords, until deadline: UInt64?) throws -> ScriptReason?
    {
      lanes[0].buffer.append(first)
      defer { for lane in lanes { lane.buffer.dropFirst(lane.buffer.count) } }
      for index in lanes.indices.dropFirst() { lanes[index].buffer.append(try encode(call, lane: index)) }
      context.prepareToWait()
      let outcome = context.stepper.publish(to: ports, pending: { lanes[$0].buffer.pending }, until: deadline) { _ in
        nil
      }
      switch outcome {
      case .done: return nil
      case .full: return .full
      case .timedOut: return .timeout
      case .readersEnded(let failed):
        context.closedReaders = .ended(failed: failed)
        throw ScriptClosed()
      }
    }
  }
#endif
