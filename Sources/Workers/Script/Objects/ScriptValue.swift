#if Lua
  internal import Sharing
  internal import Topology

  /// A declared value: a number that processes share.
  final class ScriptValue: ScriptResource {
    static let name = "value"

    private let number: ScriptNumber

    init(_ value: SharedValue, resourceName: String) {
      number = ScriptNumber(place: value, name: "value '\(resourceName)'")
    }

    convenience init?(_ resource: UsedResource) {
      guard case .value(let type, _) = resource.kind, let place = resource.arena.elements(resource.index)?.baseAddress
      else { return nil }
      self.init(SharedValue(type: type, at: place), resourceName: resource.name)
    }

    static let methods = [
      ScriptMethod("get") { serve($0) { (value: ScriptValue, call) in try value.number.give(to: &call) } },
      ScriptMethod("set") { serve($0) { (value: ScriptValue, call) in try value.set(&call) } },
      ScriptMethod("add") { serve($0) { (value: ScriptValue, call) in try value.number.add(&call, 0) } },
    ]

    static let access = ScriptAccess(
      get: { serve($0) { (value: ScriptValue, call) in try value.getField(&call) } },
      set: { serve($0) { (value: ScriptValue, call) in try value.setField(&call) } })

    private func set(_ call: inout ScriptCall) throws {
      try number.store(call, 0)
      call.give(true)
    }

    private func getField(_ call: inout ScriptCall) throws {
      try checkField(call)
      try number.give(to: &call)
    }

    private func setField(_ call: inout ScriptCall) throws {
      try checkField(call)
      try number.store(call, 1)
    }

    private func checkField(_ call: ScriptCall) throws {
      guard call.text(0) == "value" else {
        throw ScriptMisuse("\(number.name) has no field \(call.describe(0)): it has 'value'")
      }
    }
  }
#endif
