#if Lua
  internal import Sharing
  internal import Topology

  /// A kind as the function that a pool's workers call with each task.
  final class KindFunction {
    private var kind: any ItemKind
    private let name: String
    private let result: KindSignature.TaskResult
    private let answers = TaskAnswers()

    /// `nil`: no function.
    init?(_ type: any Kind.Type, _ arguments: Arguments) throws {
      guard let type = type as? any ItemKind.Type, let result = type.signature.taskResult else { return nil }
      kind = try type.init(arguments)
      name = type.signature.name
      self.result = result
    }

    func define(_ name: String, in table: String, of state: ScriptState) throws(ScriptState.OutOfMemory) {
      try state.define(name, in: table, context: self) {
        serve($0) { (own: KindFunction, call) in try own.answer(&call) }
      }
    }

    private func answer(_ call: inout ScriptCall) throws {
      // It came as an item: it is one.
      guard case .record(let record) = try call.encode(0, as: .any, payloadLimit: Int(UInt32.max)) else {
        throw ScriptMisuse("a task is an item, not \(call.describe(0))")
      }
      answers.removeAll()
      let payload = UnsafeRawBufferPointer(
        rebasing: record.bytes.dropFirst(Ring.headerByteCount).prefix(record.payloadByteCount))
      try kind.answer(payload, of: .any, to: answers)
      try call.give(cbor: answers.result(as: result, of: name))
    }
  }
#endif
