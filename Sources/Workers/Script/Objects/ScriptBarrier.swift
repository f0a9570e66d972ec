#if Lua
  internal import Sharing

  /// A declared barrier.
  final class ScriptBarrier: ScriptResource {
    static let name = "barrier"

    private let barrier: SharedBarrier
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init?(_ resource: UsedResource) {
      guard let barrier = resource.arena.barrier(resource.index, worker: resource.worker) else { return nil }
      self.barrier = barrier
      context = resource.context
    }

    static let methods = [
      ScriptMethod("wait") { serve($0) { (barrier: ScriptBarrier, call) in try barrier.wait(&call) } },
      ScriptMethod("abort") { serve($0) { (barrier: ScriptBarrier, call) in barrier.abort(&call) } },
      ScriptMethod("reset") { serve($0) { (barrier: ScriptBarrier, call) in barrier.reset(&call) } },
      ScriptMethod("parties") {
        serve($0) { (barrier: ScriptBarrier, call) in call.give(Int64(barrier.barrier.parties)) }
      },
      ScriptMethod("waiting") {
        serve($0) { (barrier: ScriptBarrier, call) in call.give(Int64(barrier.barrier.waiting)) }
      },
    ]

    private func wait(_ call: inout ScriptCall) throws {
      let deadline = try call.deadline(0)
      if deadline != 0 { context.prepareToWait() }
      switch barrier.wait(until: deadline) {
      case .passed(let index): call.give(Int64(index))
      case .broken: call.giveNil(.broken)
      case .timedOut: call.giveNil(.timeout)
      }
    }

    private func abort(_ call: inout ScriptCall) {
      barrier.abort()
      call.give(true)
    }

    private func reset(_ call: inout ScriptCall) {
      barrier.reset()
      call.give(true)
    }
  }
#endif
