internal import Topology

#if Lua
  internal import CLua

  /// An expression over items.
  struct ExpressionEvaluator {
    private let state: ScriptState
    /// `map`, in an error's words.
    private let kind: String

    init(_ expression: String, kind: String) throws {
      self.kind = kind
      do {
        state = try ScriptState()
        try state.define(expression: expression)
      } catch {
        throw KindFailure("\(kind): \(Self.words(error))")
      }
    }

    func append(_ record: UnsafeRawBufferPointer, _ type: ItemType, to output: some ItemOutput) throws {
      let value = try evaluate(record, type)
      switch value.kind {
      case MPORCH_LUA_INTEGER: try output.append(value.integer)
      case MPORCH_LUA_FLOAT: try output.append(value.number)
      case MPORCH_LUA_BOOL: try output.append(Item.bool(value.boolean))
      case MPORCH_LUA_RECORD:
        try output.append(record: UnsafeRawBufferPointer(start: value.bytes, count: value.count), of: .any)
      default:
        throw KindFailure(
          "\(kind): the expression gives nil for \(ItemView(record, type).excerpt); let it give null, or drop the "
            + "item by 'filter' before")
      }
    }

    /// Of an expression that gives true or false.
    func isTrue(_ record: UnsafeRawBufferPointer, _ type: ItemType) throws -> Bool {
      let value = try evaluate(record, type)
      return value.kind == MPORCH_LUA_BOOL && value.boolean
    }

    private func evaluate(_ record: UnsafeRawBufferPointer, _ type: ItemType) throws -> mporch_lua_value {
      do {
        return try state.evaluate(record, ScriptItemType(type).code)
      } catch {
        throw KindFailure("\(kind): \(Self.words(error)), for the item \(ItemView(record, type).excerpt)")
      }
    }

    private static func words(_ error: any Error) -> String {
      guard let failure = error as? ScriptState.Failure, case .error(let text) = failure else {
        return "not enough memory"
      }
      return text
    }
  }
#else
  /// Never made: `check` refuses the kinds that have one.
  struct ExpressionEvaluator {
    init(_ expression: String, kind: String) throws {
      throw KindFailure("\(kind): \(Scripting.missing.message)")
    }

    func append(_ record: UnsafeRawBufferPointer, _ type: ItemType, to output: some ItemOutput) throws {}
    func isTrue(_ record: UnsafeRawBufferPointer, _ type: ItemType) throws -> Bool { false }
  }
#endif
