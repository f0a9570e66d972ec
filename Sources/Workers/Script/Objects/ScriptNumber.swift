#if Lua
  internal import CLua
  internal import Topology

  /// A number in shared memory as a script reads and writes it: a value, or an element of an array.
  struct ScriptNumber {
    let place: SharedValue
    /// `value 'total'`, in an error's words.
    let name: String

    func give(to call: inout ScriptCall) throws {
      switch place.type {
      case .bool: call.give(place.loadInt() != 0)
      case .float32, .float64: call.give(place.loadFloat())
      case .uint64:
        guard case .int(let value) = place.load() else {
          throw ScriptMisuse("\(name) is above 2^63-1, and Lua has no such integer")
        }
        call.give(value)
      default: call.give(place.loadInt())
      }
    }

    /// Atomic.
    func store(_ call: ScriptCall, _ index: Int) throws {
      let value = call[index]
      switch value.kind {
      case MPORCH_LUA_BOOL where place.type == .bool: try place.storeInt(value.boolean ? 1 : 0)
      case MPORCH_LUA_INTEGER where place.type != .bool: try inRange { try place.storeInt(value.integer) }
      case MPORCH_LUA_FLOAT where place.type != .bool: try inRange { try place.store(.float(value.number)) }
      default: throw ScriptMisuse("\(name) holds \(place.type.rawValue) and can't take \(call.describe(index))")
      }
    }

    /// Atomic; gives the new value.
    func add(_ call: inout ScriptCall, _ index: Int) throws {
      switch place.type {
      case .bool: throw ScriptMisuse("\(name) holds bool, which can't be added to")
      case .float32, .float64:
        let amount = try call.number(index, "what is added to \(name)")
        call.give(try inRange { try place.addFloat(amount) })
      default:
        let amount = Int64(try call.integer(index, "what is added to \(name)"))
        call.give(try inRange { try place.addInt(amount) })
      }
    }

    private func inRange<Result>(_ body: () throws -> Result) throws -> Result {
      do {
        return try body()
      } catch {
        throw ScriptMisuse("\(name): \(error)")
      }
    }
  }
#endif
