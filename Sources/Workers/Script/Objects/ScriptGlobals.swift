#if Lua
  internal import CLua
  internal import Platform
  internal import Sharing

  /// The functions that every script has.
  final class ScriptGlobals {
    private let context: ScriptContext
    /// Ends this process.
    private let leave: (Int32) -> Never

    init(_ context: ScriptContext, leave: @escaping (Int32) -> Never) {
      self.context = context
      self.leave = leave
    }

    func define(in state: ScriptState) throws(ScriptState.OutOfMemory) {
      try state.define("sleep", context: self) { serve($0) { (own: ScriptGlobals, call) in try own.sleep(&call) } }
      try state.define("now", context: self) { serve($0) { (_: ScriptGlobals, call) in call.giveNow() } }
      try state.define("exit", context: self, Self.exit)
      try state.define("exit", in: "os", context: self, Self.exit)
      try state.define("wait", context: self) { serve($0) { (own: ScriptGlobals, call) in try own.wait(&call) } }
      try state.define(prelude: Self.prelude)
      try state.defineModules()
    }

    private static let exit: ScriptFunction = { serve($0) { (own: ScriptGlobals, call) in try own.exit(call) } }

    /// Objects come from Swift as indices.
    private static let prelude = """
      local indices_of_ready = wait
      local _, tools = ...
      function wait(ends, timeout)
        if type(ends) ~= 'table' then
          tools.fail("'wait' takes a list of pipe ends, not " .. tostring(ends) .. ': write wait{END, …}')
        end
        local indices, reason = indices_of_ready(timeout, table.unpack(ends))
        if not indices then return nil, reason end
        for place, index in ipairs(indices) do indices[place] = ends[index] end
        return indices
      end
      """

    private func sleep(_ call: inout ScriptCall) throws {
      let seconds = try call.number(0, "the seconds to sleep")
      guard seconds >= 0 else { throw ScriptMisuse("sleep takes a number of seconds from 0, not \(call.describe(0))") }
      let deadline = MonotonicClock.now + UInt64((min(seconds, 1e9) * 1e9).rounded(.up))
      context.waiting(.timer, until: deadline) { MonotonicClock.sleep(until: deadline) }
      call.give(true)
    }

    private func exit(_ call: ScriptCall) throws {
      switch call[0].kind {
      case MPORCH_LUA_NONE, MPORCH_LUA_NIL: leave(0)
      case MPORCH_LUA_BOOL: leave(call[0].boolean ? 0 : 1)
      default: leave(Int32(truncatingIfNeeded: try call.integer(0, "an exit code") & 0xFF))
      }
    }

    private func wait(_ call: inout ScriptCall) throws {
      let ends = try (1..<max(call.argumentCount, 1)).map { index in
        guard let end = call.object(index, as: ScriptPipeEnd.self) else {
          throw ScriptMisuse("'wait' takes a list of pipe ends, and its element \(index) is \(call.describe(index))")
        }
        return end
      }
      guard !ends.isEmpty, ends.count <= Futex.waitLimit else {
        throw ScriptMisuse("'wait' takes a list of 1 to \(Futex.waitLimit) pipe ends")
      }
      let ready = try ScriptPipeEnd.ready(ends, until: call.deadline(0), context)
      if ready.isEmpty { return call.giveNil(.timeout) }
      var list: [UInt8] = []
      CBOREncoder.append(.list(ready.map { .int(Int64($0 + 1)) }), to: &list)
      try call.give(cbor: list)
    }
  }

  extension ScriptCall {
    /// Seconds of a clock that all processes of the machine share, and that nobody sets.
    fileprivate mutating func giveNow() { give(Double(MonotonicClock.now) / 1e9) }
  }
#endif
