#if Lua
  internal import Sharing

  /// A declared semaphore.
  final class ScriptSemaphore: ScriptResource {
    static let name = "semaphore"

    private let semaphore: SharedSemaphore
    private let resourceName: String
    // Unsafe: the host keeps the context longer than every object.
    private unowned(unsafe) let context: ScriptContext

    init?(_ resource: UsedResource) {
      guard let semaphore = resource.arena.semaphore(resource.index, worker: resource.worker) else { return nil }
      self.semaphore = semaphore
      resourceName = resource.name
      context = resource.context
    }

    static let methods = [
      ScriptMethod("acquire") { serve($0) { (semaphore: ScriptSemaphore, call) in try semaphore.acquire(&call) } },
      ScriptMethod("release") { serve($0) { (semaphore: ScriptSemaphore, call) in try semaphore.release(&call) } },
      ScriptMethod("count") {
        serve($0) { (semaphore: ScriptSemaphore, call) in call.give(Int64(semaphore.semaphore.count)) }
      },
    ]

    private func acquire(_ call: inout ScriptCall) throws {
      let deadline = try call.deadline(0)
      if semaphore.acquire(until: 0) { return call.give(true) }
      guard deadline != 0 else { return call.giveNil(.timeout) }
      context.prepareToWait()
      if semaphore.acquire(until: deadline) { call.give(true) } else { call.giveNil(.timeout) }
    }

    private func release(_ call: inout ScriptCall) throws {
      let amount = call.isGiven(0) ? try call.integer(0, "what is released") : 1
      do {
        try semaphore.release(amount)
      } catch {
        throw ScriptMisuse(words(error, amount))
      }
      call.give(true)
    }

    private func words(_ misuse: SharedSemaphore.Misuse, _ amount: Int) -> String {
      switch misuse {
      case .amountBelowOne: "semaphore '\(resourceName)': what is released is a number from 1, not \(amount)"
      case .overReleased(let bound):
        "semaphore '\(resourceName)' is bounded to \(bound), and less than \(amount) is taken of it: release only what "
          + "was acquired, or declare it 'bounded: false'"
      case .outOfRange: "semaphore '\(resourceName)' can't count past 2^63-1"
      }
    }
  }
#endif
