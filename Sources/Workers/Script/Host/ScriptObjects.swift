#if Lua
  internal import Sharing
  internal import Topology

  /// All sorts of objects that scripts may have. A new sort of resource is added here.
  enum ScriptObjects {
    static var all: [any ScriptObject.Type] { [ScriptQueue.self, ScriptPipeEnd.self] + used }

    /// What a script has by its `use` alone.
    static var used: [any ScriptResource.Type] {
      [
        ScriptValue.self, ScriptArray.self, ScriptLock.self, ScriptReadWriteLock.self, ScriptSemaphore.self,
        ScriptCondition.self, ScriptEvent.self, ScriptBarrier.self,
      ]
    }
  }

  /// The object of one sort of resource.
  protocol ScriptResource: ScriptObject {
    /// `nil`: the resource is of another sort.
    init?(_ resource: UsedResource)
  }

  /// A resource that a script uses.
  struct UsedResource {
    let index: Int
    let name: String
    let kind: Resource.Kind
    let arena: Arena
    let worker: Int
    let context: ScriptContext
    /// Of another resource that this one refers to.
    let nameOfResource: (Int) -> String
  }
#endif
