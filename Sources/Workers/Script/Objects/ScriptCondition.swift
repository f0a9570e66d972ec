#if Lua
  internal import Sharing
  internal import Topology

  /// A declared condition, for who holds its lock.
  final class ScriptCondition: ScriptResource {
    static let name = "condition"

    private let condition: SharedCondition
    private let resourceName: String
    private let lockName: String
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init?(_ resource: UsedResource) {
      guard case .condition(let lock) = resource.kind,
        let condition = resource.arena.condition(resource.index, worker: resource.worker)
      else { return nil }
      self.condition = condition
      resourceName = resource.name
      lockName = resource.nameOfResource(lock.index)
      context = resource.context
    }

    static let methods = [
      ScriptMethod("wait") {
        serve($0) { (condition: ScriptCondition, call) in try condition.wait(&call, until: call.deadline(0)) }
      },
      ScriptMethod("notify") { serve($0) { (condition: ScriptCondition, call) in try condition.notify(&call) } },
      ScriptMethod("notify_all") { serve($0) { (condition: ScriptCondition, call) in try condition.notifyAll(&call) } },
      ScriptMethod("deadline") { serve($0) { (condition: ScriptCondition, call) in try condition.deadline(&call) } },
      ScriptMethod("wait_until") { serve($0) { (condition: ScriptCondition, call) in try condition.waitUntil(&call) } },
    ]

    /// The predicate is Lua, and the time-out is over all its waits. It is asked once more when the time is over.
    static let prelude: String? = """
      local type, error = type, error
      local deadline_of, wait_until = methods.deadline, methods.wait_until
      methods.deadline, methods.wait_until = nil, nil
      function methods.wait_for(condition, predicate, timeout)
        if type(predicate) ~= 'function' then
          error("'wait_for' takes a function and perhaps a time-out, not a " .. type(predicate), 2)
        end
        local deadline = deadline_of(condition, timeout)
        local result, how = predicate(), nil
        while not result do
          local notified, why, also = wait_until(condition, deadline)
          how = how or (notified and why or also)
          result = predicate()
          if not (notified or result) then return nil, why, how end
        end
        return result, how
      end
      """

    private func notHeld() -> ScriptMisuse {
      ScriptMisuse(
        "condition '\(resourceName)' is for the holder of its lock '\(lockName)', which this process does not hold: "
          + "acquire it first")
    }

    // MARK: Waiting

    private func wait(_ call: inout ScriptCall, until deadline: UInt64?) throws {
      context.prepareToWait()
      let waited: SharedCondition.Waited
      do {
        waited = try condition.wait(until: deadline)
      } catch {
        throw notHeld()
      }
      if waited.isNotified { call.give(true) } else { call.giveNil(.timeout) }
      if waited.isLockRecovered { call.give("recovered") }
    }

    /// Of a time-out that begins now, for `waitUntil`; looks whether there may be a wait at all.
    private func deadline(_ call: inout ScriptCall) throws {
      guard condition.lock.isHeld else { throw notHeld() }
      guard let deadline = try call.deadline(0) else { return call.giveNil() }
      call.give(Int64(clamping: deadline))
    }

    private func waitUntil(_ call: inout ScriptCall) throws {
      try wait(&call, until: call.isGiven(0) ? UInt64(call.integer(0, "a deadline")) : nil)
    }

    // MARK: Notifying

    private func notify(_ call: inout ScriptCall) throws {
      let amount = call.isGiven(0) ? try call.integer(0, "the number to notify") : 1
      guard amount >= 1 else {
        throw ScriptMisuse("condition '\(resourceName)': what is notified is a number from 1, not \(amount)")
      }
      try notify(amount, &call)
    }

    private func notifyAll(_ call: inout ScriptCall) throws { try notify(.max, &call) }

    private func notify(_ amount: Int, _ call: inout ScriptCall) throws {
      do {
        try condition.notify(amount)
      } catch {
        throw notHeld()
      }
      call.give(true)
    }
  }
#endif
