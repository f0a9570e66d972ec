#if Lua
  internal import Sharing

  /// A declared event.
  final class ScriptEvent: ScriptResource {
    static let name = "event"

    private let event: SharedEvent
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init?(_ resource: UsedResource) {
      guard let event = resource.arena.event(resource.index, worker: resource.worker) else { return nil }
      self.event = event
      context = resource.context
    }

    static let methods = [
      ScriptMethod("set") { serve($0) { (event: ScriptEvent, call) in event.set(&call) } },
      ScriptMethod("clear") { serve($0) { (event: ScriptEvent, call) in event.clear(&call) } },
      ScriptMethod("is_set") { serve($0) { (event: ScriptEvent, call) in call.give(event.event.isSet) } },
      ScriptMethod("wait") { serve($0) { (event: ScriptEvent, call) in try event.wait(&call) } },
    ]

    private func set(_ call: inout ScriptCall) {
      event.set()
      call.give(true)
    }

    private func clear(_ call: inout ScriptCall) {
      event.clear()
      call.give(true)
    }

    private func wait(_ call: inout ScriptCall) throws {
      let deadline = try call.deadline(0)
      if !event.isSet, deadline != 0 { context.prepareToWait() }
      if event.wait(until: deadline) { call.give(true) } else { call.giveNil(.timeout) }
    }
  }
#endif
