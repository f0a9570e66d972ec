#if Lua
  internal import CLua

  /// A function that a script calls. It takes no part in Lua's errors: see `serve`.
  typealias ScriptFunction = @convention(c) @Sendable (UnsafeMutablePointer<mporch_lua_call>?) -> Void

  /// What a script sees of one sort of resource, or of another thing that mporch gives it.
  protocol ScriptObject: AnyObject {
    /// As errors call it: `queue`.
    static var name: String { get }
    static var methods: [ScriptMethod] { get }
    static var access: ScriptAccess { get }
    /// Methods in Lua, added to `methods`, a table.
    static var prelude: String? { get }
  }

  extension ScriptObject {
    static var access: ScriptAccess { ScriptAccess() }
    static var prelude: String? { nil }

    /// Its place in the list of all.
    static var number: Int32 { Int32(ScriptObjects.all.firstIndex { $0 == Self.self }!) }
  }

  struct ScriptMethod: Sendable {
    let name: String
    let function: ScriptFunction

    init(_ name: String, _ function: @escaping ScriptFunction) {
      self.name = name
      self.function = function
    }
  }

  /// `object[key]` (for a key that is no method's name), `object[key] = x`, `#object`.
  struct ScriptAccess: Sendable {
    var get: ScriptFunction?
    var set: ScriptFunction?
    var length: ScriptFunction?
  }

  /// Ends the call as an error of the script, with the place of the call before it.
  struct ScriptMisuse: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }

  /// Ends the call by the error `closed`.
  struct ScriptClosed: Error {}

  /// Calls `body` for the object, or other context, of a call; its errors become the script's.
  @inline(__always)
  func serve<Context: AnyObject>(
    _ call: UnsafeMutablePointer<mporch_lua_call>?, _ body: (Context, inout ScriptCall) throws -> Void
  ) {
    guard let raw = call, let pointer = raw.pointee.context else { return }
    var call = ScriptCall(raw)
    do {
      // The host keeps all objects as long as the state lives.
      try Unmanaged<Context>.fromOpaque(pointer)._withUnsafeGuaranteedRef { try body($0, &call) }
    } catch is ScriptClosed {
      call.raiseClosed()
    } catch {
      call.raise((error as? ScriptMisuse)?.message ?? "\(error)")
    }
  }
#endif
