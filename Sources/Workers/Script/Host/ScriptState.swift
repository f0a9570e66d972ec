#if Lua
  internal import CLua

  /// A Lua state, with what its script sees. Errors of Lua stay in C; see CLua.h.
  final class ScriptState {
    private let lua: OpaquePointer

    struct OutOfMemory: Error {}

    /// How a chunk ended that did not run to its end.
    enum Failure: Error {
      /// With the error and, of a run, a traceback.
      case error(String)
      case outOfMemory
      /// Nobody caught the `closed` of a put.
      case closed(String)
    }

    /// `memoryLimit` in bytes; `nil`: none.
    init(memoryLimit: Int? = nil) throws(OutOfMemory) {
      guard let lua = mporch_lua_create(memoryLimit ?? 0) else { throw OutOfMemory() }
      self.lua = lua
    }

    deinit { mporch_lua_destroy(lua) }

    // MARK: Chunks

    func run(_ chunk: ScriptChunk) throws(Failure) {
      try check(chunk.withText { mporch_lua_run(lua, $0, $1, $2) })
    }

    func compile(_ chunk: ScriptChunk) throws(Failure) {
      try check(chunk.withText { mporch_lua_compile(lua, $0, $1, $2) })
    }

    /// Within a call: the line of `chunk` that has made it. 0: none.
    func callLine(in chunk: ScriptChunk) -> Int { Int(mporch_lua_line(lua, chunk.name)) }

    /// An expression over `item`, for `evaluate`.
    func define(expression: String) throws(Failure) {
      try check(
        ScriptChunk(text: expression, name: "").withText { text, count, _ in
          mporch_lua_define_expression(lua, text, count)
        })
    }

    /// What it gives lends its bytes until the next call.
    func evaluate(_ record: UnsafeRawBufferPointer, _ type: mporch_item_type) throws(Failure) -> mporch_lua_value {
      var value = mporch_lua_value()
      try check(mporch_lua_evaluate(lua, record.baseAddress, record.count, type, &value))
      return value
    }

    private func check(_ status: mporch_lua_status) throws(Failure) {
      switch status {
      case MPORCH_LUA_DONE: return
      case MPORCH_LUA_OUT_OF_MEMORY: throw .outOfMemory
      case MPORCH_LUA_CLOSED: throw .closed(message)
      default: throw .error(message)
      }
    }

    private var message: String {
      var count = 0
      guard let text = mporch_lua_message(lua, &count) else { return "" }
      return String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
    }

    // MARK: What a script sees

    func define(_ type: any ScriptObject.Type) throws(OutOfMemory) {
      let number = type.number
      try check(mporch_lua_define_type(lua, number, type.name))
      for method in type.methods { try check(mporch_lua_define_method(lua, number, method.name, method.function)) }
      let access = type.access
      try check(mporch_lua_define_access(lua, number, access.get, access.set, access.length))
      if let prelude = type.prelude { try define(prelude: prelude, of: type) }
    }

    /// What is easier said in Lua, as it calls functions of the script: `methods` is the type's table of them.
    private func define(prelude: String, of type: any ScriptObject.Type) throws(OutOfMemory) {
      let text = "local methods = (...)(\(type.number))\n" + prelude
      try define(prelude: text)
    }

    /// Without a type: functions alone.
    func define(prelude: String) throws(OutOfMemory) {
      try check(
        ScriptChunk(text: prelude, name: "").withText { text, count, _ in
          mporch_lua_run_prelude(lua, text, count)
        })
    }

    /// Of `table`, or a global; whoever calls keeps `object` alive as long as this state.
    func define(_ name: String, in table: String? = nil, _ object: any ScriptObject) throws(OutOfMemory) {
      let context = Unmanaged.passUnretained(object as AnyObject).toOpaque()
      try check(mporch_lua_define_object(lua, table, name, type(of: object).number, context))
    }

    /// Of `table`, or a global; `context` is what `serve` gives it, kept alive as that of an object.
    func define(
      _ name: String, in table: String? = nil, context: AnyObject, _ function: @escaping ScriptFunction
    ) throws(OutOfMemory) {
      let context = Unmanaged.passUnretained(context).toOpaque()
      try check(mporch_lua_define_function(lua, table, name, function, context))
    }

    func define(_ name: String, in table: String? = nil, _ item: Item) throws(OutOfMemory) {
      var bytes: [UInt8] = []
      CBOREncoder.append(item, to: &bytes)
      try check(bytes.withUnsafeBytes { mporch_lua_define_item(lua, table, name, $0.baseAddress, $0.count) })
    }

    private func check(_ isDone: Bool) throws(OutOfMemory) {
      if !isDone { throw OutOfMemory() }
    }
  }
#endif
