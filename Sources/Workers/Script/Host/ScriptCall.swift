#if Lua
  internal import CLua
  internal import Platform
  internal import Sharing

  /// One call of a script: its arguments, and its results to be.
  struct ScriptCall {
    private let raw: UnsafeMutablePointer<mporch_lua_call>

    init(_ raw: UnsafeMutablePointer<mporch_lua_call>) { self.raw = raw }

    // MARK: Arguments, from 0

    var argumentCount: Int { Int(raw.pointee.argument_count) }

    subscript(index: Int) -> mporch_lua_value { mporch_lua_argument(raw, Int32(index)) }

    /// In an error's words.
    func describe(_ index: Int) -> String {
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 192) { text in
        mporch_lua_describe(raw, Int32(index), text.baseAddress, text.count)
        return String(cString: text.baseAddress!)
      }
    }

    func isGiven(_ index: Int) -> Bool {
      let kind = self[index].kind
      return kind != MPORCH_LUA_NONE && kind != MPORCH_LUA_NIL
    }

    /// An integer, or a float that is one.
    func integer(_ index: Int, _ what: String) throws -> Int {
      let value = self[index]
      if value.kind == MPORCH_LUA_INTEGER { return Int(value.integer) }
      if value.kind == MPORCH_LUA_FLOAT, let exact = Int(exactly: value.number) { return exact }
      throw ScriptMisuse("\(what) must be an integer, not \(describe(index))")
    }

    func number(_ index: Int, _ what: String) throws -> Double {
      let value = self[index]
      if value.kind == MPORCH_LUA_INTEGER { return Double(value.integer) }
      if value.kind == MPORCH_LUA_FLOAT { return value.number }
      throw ScriptMisuse("\(what) must be a number, not \(describe(index))")
    }

    /// `nil`: no string.
    func text(_ index: Int) -> String? {
      let value = self[index]
      guard value.kind == MPORCH_LUA_STRING else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: value.bytes, count: value.count), as: UTF8.self)
    }

    /// A time-out, which is the last argument of every call that may wait, as a time of the monotonic clock in
    /// nanoseconds. `nil`: no limit; 0: no waiting.
    func deadline(_ index: Int) throws -> UInt64? {
      guard isGiven(index) else { return nil }
      let seconds = try number(index, "a time-out")
      guard seconds >= 0 else { throw ScriptMisuse("a time-out is a number of seconds from 0, not \(describe(index))") }
      if seconds == 0 { return 0 }
      // Centuries are no limit.
      return seconds < 1e9 ? MonotonicClock.now + UInt64((seconds * 1e9).rounded(.up)) : nil
    }

    /// The object that is an argument.
    func object<Object: ScriptObject>(_ index: Int, as type: Object.Type) -> Object? {
      let value = self[index]
      guard value.kind == MPORCH_LUA_OBJECT, value.count == Int(type.number), let context = value.bytes else {
        return nil
      }
      return Unmanaged<Object>.fromOpaque(context).takeUnretainedValue()
    }

    enum Encoding {
      /// Lent until the next encoding.
      case record(PendingRecords)
      /// What the value is, and the type can't take.
      case mismatch(String)
      case tooLarge
    }

    /// An argument as a record of an item type.
    func encode(_ index: Int, as type: ScriptItemType, payloadLimit: Int) throws -> Encoding {
      var bytes: UnsafeRawPointer?
      var (count, payload) = (0, 0)
      switch mporch_lua_encode(raw, Int32(index), type.code, payloadLimit, &bytes, &count, &payload) {
      case MPORCH_ENCODED:
        return .record(
          PendingRecords(
            UnsafeRawBufferPointer(start: bytes, count: count), count: 1, payloadByteCount: payload,
            format: type.format))
      case MPORCH_ENCODE_TOO_LARGE: return .tooLarge
      case MPORCH_ENCODE_NO_MEMORY: throw ScriptMisuse("not enough memory")
      default: return .mismatch(type.code == MPORCH_ITEM_ANY ? message : describe(index))
      }
    }

    private var message: String {
      var count = 0
      guard let text = mporch_lua_message(raw.pointee.lua, &count) else { return "" }
      return String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
    }

    // MARK: Results: one, or more in order

    @inline(__always)
    private mutating func give(_ value: mporch_lua_value) {
      withUnsafeMutableBytes(of: &raw.pointee.results) {
        $0.storeBytes(
          of: value, toByteOffset: Int(raw.pointee.result_count) * MemoryLayout<mporch_lua_value>.stride,
          as: mporch_lua_value.self)
      }
      raw.pointee.result_count += 1
    }

    mutating func giveNil() { give(mporch_lua_value(MPORCH_LUA_NIL)) }

    mutating func give(_ value: Bool) {
      var result = mporch_lua_value(MPORCH_LUA_BOOL)
      result.boolean = value
      give(result)
    }

    mutating func give(_ value: Int64) {
      var result = mporch_lua_value(MPORCH_LUA_INTEGER)
      result.integer = value
      give(result)
    }

    mutating func give(_ value: Double) {
      var result = mporch_lua_value(MPORCH_LUA_FLOAT)
      result.number = value
      give(result)
    }

    mutating func give(_ word: StaticString) {
      var result = mporch_lua_value(MPORCH_LUA_STRING)
      result.bytes = UnsafeRawPointer(word.utf8Start)
      result.count = word.utf8CodeUnitCount
      give(result)
    }

    /// It is copied; at most one in a call.
    mutating func give(text: String) throws {
      let bytes = Array(text.utf8)
      var result = mporch_lua_value(MPORCH_LUA_STRING)
      result.bytes = UnsafeRawPointer(try copy(bytes))
      result.count = bytes.count
      give(result)
    }

    private func copy(_ bytes: [UInt8]) throws -> UnsafeMutableRawPointer {
      guard let copy = mporch_lua_scratch(raw.pointee.lua, bytes.count) else { throw ScriptMisuse("not enough memory") }
      bytes.withUnsafeBytes { if let base = $0.baseAddress { copy.copyMemory(from: base, byteCount: $0.count) } }
      return copy
    }

    /// A record's payload, which stays where it is until the script goes on.
    mutating func give(_ payload: UnsafeRawBufferPointer, _ type: ScriptItemType) {
      var result = mporch_lua_value(MPORCH_LUA_RECORD)
      result.item_type = type.code
      result.bytes = payload.baseAddress
      result.count = payload.count
      give(result)
    }

    /// A list or another item in CBOR, which is copied; at most one in a call.
    mutating func give(cbor: [UInt8]) throws {
      give(UnsafeRawBufferPointer(start: try copy(cbor), count: cbor.count), .any)
    }

    /// What could not be done, as every call says it: `nil, reason`.
    mutating func giveNil(_ reason: ScriptReason) {
      giveNil()
      give(reason.word)
    }

    // MARK: Errors

    mutating func raiseClosed() { raw.pointee.outcome = MPORCH_LUA_RAISE_CLOSED }

    mutating func raise(_ message: String) {
      var message = message
      message.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { mporch_lua_set_message(raw.pointee.lua, $0.baseAddress, $0.count) }
      }
      raw.pointee.outcome = MPORCH_LUA_RAISE
    }
  }

  /// Why a call gave `nil`.
  enum ScriptReason {
    case timeout
    case full
    /// The end of the stream.
    case closed
    /// The end, and a writer failed.
    case failed
    /// The other side is gone.
    case broken

    var word: StaticString {
      switch self {
      case .timeout: "timeout"
      case .full: "full"
      case .closed: "closed"
      case .failed: "failed"
      case .broken: "broken"
      }
    }
  }

  extension mporch_lua_value {
    fileprivate init(_ kind: mporch_lua_kind) {
      self.init()
      self.kind = kind
    }
  }
#endif
