#if Lua
  internal import CLua
  internal import Sharing
  internal import Topology

  /// A declared array: numbers that processes share, from 1.
  final class ScriptArray: ScriptResource {
    static let name = "array"

    private let array: SharedArray
    private let name: String

    init(_ array: SharedArray, resourceName: String) {
      self.array = array
      name = "array '\(resourceName)'"
    }

    convenience init?(_ resource: UsedResource) {
      guard case .array(let type, let count, _) = resource.kind, let elements = resource.arena.elements(resource.index)
      else { return nil }
      self.init(SharedArray(type: type, count: count, elements: elements), resourceName: resource.name)
    }

    static let methods = [
      ScriptMethod("fill") { serve($0) { (array: ScriptArray, call) in try array.fill(&call) } },
      ScriptMethod("add") { serve($0) { (array: ScriptArray, call) in try array.add(&call) } },
      ScriptMethod("slice") { serve($0) { (array: ScriptArray, call) in try array.slice(&call) } },
    ]

    static let access = ScriptAccess(
      get: { serve($0) { (array: ScriptArray, call) in try array.element(call, 0).give(to: &call) } },
      set: { serve($0) { (array: ScriptArray, call) in try array.element(call, 0).store(call, 1) } },
      length: { serve($0) { (array: ScriptArray, call) in call.give(Int64(array.array.count)) } })

    /// `ipairs` goes by an index behind the end, which is misuse here.
    static let prelude: String? = """
      local of_tables = ipairs
      local function next_element(array, index)
        if index < #array then return index + 1, array[index + 1] end
      end
      function ipairs(list)
        if type(list) == 'userdata' then return next_element, list, 0 end
        return of_tables(list)
      end
      """

    private func element(_ call: ScriptCall, _ argument: Int) throws -> ScriptNumber {
      let index = try call.integer(argument, "an index of \(name)")
      guard index >= 1, index <= array.count else {
        throw ScriptMisuse("\(name) has no element \(index): its indices are 1 to \(array.count)")
      }
      return ScriptNumber(place: array.element(index - 1), name: "\(name)[\(index)]")
    }

    private func fill(_ call: inout ScriptCall) throws {
      for index in 0..<array.count {
        try ScriptNumber(place: array.element(index), name: name).store(call, 0)
      }
      call.give(true)
    }

    private func add(_ call: inout ScriptCall) throws {
      try element(call, 0).add(&call, 1)
    }

    /// From the first index to the second, both included; by default all.
    private func slice(_ call: inout ScriptCall) throws {
      let first = call.isGiven(0) ? try call.integer(0, "the first index") : 1
      let last = call.isGiven(1) ? try call.integer(1, "the last index") : array.count
      guard first >= 1, last <= array.count, last >= first - 1 else {
        throw ScriptMisuse("\(name) has no slice \(first) to \(last): its indices are 1 to \(array.count)")
      }
      var list: [UInt8] = []
      CBOREncoder.appendHead(.array, UInt64(last - first + 1), to: &list)
      for index in first..<(last + 1) { try append(index, to: &list) }
      try call.give(cbor: list)
    }

    private func append(_ index: Int, to list: inout [UInt8]) throws {
      switch array.element(index - 1).load() {
      case .bool(let value): CBOREncoder.append(value, to: &list)
      case .int(let value): CBOREncoder.append(value, to: &list)
      case .float(let value): CBOREncoder.append(value, to: &list)
      default: throw ScriptMisuse("\(name)[\(index)] is above 2^63-1, and Lua has no such integer")
      }
    }
  }
#endif
