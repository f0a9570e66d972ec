#if Lua
  /// All sorts of objects that scripts may have; a new one is added here, and made in `ScriptBindings`.
  enum ScriptObjects {
    static var all: [any ScriptObject.Type] {
      [
        ScriptQueue.self, ScriptPipeEnd.self, ScriptValue.self, ScriptArray.self, ScriptLock.self,
        ScriptSemaphore.self, ScriptCondition.self, ScriptEvent.self, ScriptBarrier.self,
      ]
    }
  }
#endif
