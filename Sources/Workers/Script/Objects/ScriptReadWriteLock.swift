#if Lua
  internal import Sharing

  /// A declared read-write lock.
  final class ScriptReadWriteLock: ScriptResource {
    static let name = "rwlock"

    private let lock: SharedReadWriteLock
    private let resourceName: String
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init?(_ resource: UsedResource) {
      guard let lock = resource.arena.readWriteLock(resource.index, worker: resource.worker) else { return nil }
      self.lock = lock
      resourceName = resource.name
      context = resource.context
    }

    static let methods = [
      ScriptMethod("acquire_read") {
        serve($0) { (lock: ScriptReadWriteLock, call) in try lock.acquire(to: .read, &call) }
      },
      ScriptMethod("acquire_write") {
        serve($0) { (lock: ScriptReadWriteLock, call) in try lock.acquire(to: .write, &call) }
      },
      ScriptMethod("release") { serve($0) { (lock: ScriptReadWriteLock, call) in try lock.release(&call) } },
    ]

    private func acquire(to mode: ReadWriteLockState.Mode, _ call: inout ScriptCall) throws {
      let deadline = try call.deadline(0)
      do {
        var acquisition = try lock.acquire(to: mode, until: 0)
        if acquisition == .timedOut, deadline != 0 {
          context.prepareToWait()
          acquisition = try lock.acquire(to: mode, until: deadline)
        }
        acquisition.give(to: &call)
      } catch {
        throw ScriptMisuse("read-write lock '\(resourceName)' is held by this process already: release it first")
      }
    }

    private func release(_ call: inout ScriptCall) throws {
      do {
        try lock.release()
      } catch {
        throw ScriptMisuse("read-write lock '\(resourceName)' is not held by this process")
      }
      call.give(true)
    }
  }
#endif
