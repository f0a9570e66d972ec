#if Lua
  internal import Sharing

  /// A declared lock.
  final class ScriptLock: ScriptResource {
    static let name = "lock"

    private let lock: SharedLock
    private let resourceName: String
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init(_ lock: SharedLock, resourceName: String, context: ScriptContext) {
      self.lock = lock
      self.resourceName = resourceName
      self.context = context
    }

    convenience init?(_ resource: UsedResource) {
      guard let lock = resource.arena.lock(resource.index, worker: resource.worker) else { return nil }
      self.init(lock, resourceName: resource.name, context: resource.context)
    }

    static let methods = [
      ScriptMethod("acquire") { serve($0) { (lock: ScriptLock, call) in try lock.acquire(&call) } },
      ScriptMethod("release") { serve($0) { (lock: ScriptLock, call) in try lock.release(&call) } },
    ]

    /// Released however `f` ends; an error goes on as it is, with its traceback.
    static let prelude: String? = """
      local releasing = {__close = function(held) held.lock:release() end}
      local type, tostring, error = type, tostring, error
      function methods.with(lock, f, seconds)
        if type(f) ~= 'function' then error('a function is due, not ' .. tostring(f), 2) end
        local is_held, how = lock:acquire(seconds)
        if not is_held then return nil, how end
        local held <close> = setmetatable({lock = lock}, releasing)
        return f(how == 'recovered')
      end
      """

    private func acquire(_ call: inout ScriptCall) throws {
      let deadline = try call.deadline(0)
      do {
        var acquisition = try lock.acquire(until: 0)
        if acquisition == .timedOut, deadline != 0 {
          context.prepareToWait()
          acquisition = try lock.acquire(until: deadline)
        }
        acquisition.give(to: &call)
      } catch {
        throw ScriptMisuse("lock '\(resourceName)' is held by this process already: release it first")
      }
    }

    private func release(_ call: inout ScriptCall) throws {
      do {
        try lock.release()
      } catch {
        throw ScriptMisuse("lock '\(resourceName)' is not held by this process")
      }
      call.give(true)
    }
  }

  extension SharedLock.Acquisition {
    /// `true`, and `"recovered"` if so; or `nil` and `"timeout"`.
    func give(to call: inout ScriptCall) {
      switch self {
      case .acquired: call.give(true)
      case .recovered:
        call.give(true)
        call.give("recovered")
      case .timedOut: call.giveNil(.timeout)
      }
    }
  }
#endif
