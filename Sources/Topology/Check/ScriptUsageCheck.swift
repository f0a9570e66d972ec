/// What scripts do with names and objects that is sure to fail, told before they run.
struct ScriptUsageCheck {
  let scope: Scope
  /// Owners of scripts in which only that can be wrong.
  private let compiled: Set<String>
  private let byIdentifier: [String: ResourceID]

  init(scope: Scope, compiled: Set<String>) {
    self.scope = scope
    self.compiled = compiled
    let named = scope.resources.enumerated().map { (LuaNames.identifier(of: $1.name), ResourceID($0)) }
    byIdentifier = Dictionary(named, uniquingKeysWith: { first, _ in first })
  }

  func run(_ processes: [BoundProcess]) {
    for process in processes where !process.isBroken {
      guard case .script(let script) = process.declaration.work else { continue }
      let declaration = process.declaration
      check(
        script,
        Wired(
          owner: process.owner, uses: declaration.uses, inputs: declaration.inputs, outputs: declaration.outputs,
          hasPorts: true))
    }
    for resource in scope.resources {
      guard case .pool(let pool) = resource.kind, case .script(let script) = pool.work else { continue }
      check(script, Wired(owner: "pool '\(resource.name)'", uses: pool.uses, hasPorts: false))
    }
  }

  /// The names that a script has.
  private struct Wired {
    var owner: String
    var uses: [UseBinding] = []
    var inputs: [PortBinding] = []
    var outputs: [PortBinding] = []
    /// Of a process; a pool's workers have none.
    var hasPorts: Bool

    /// By the name in the script.
    var resources: [(name: String, id: ResourceID)] {
      uses.map { (LuaNames.identifier(of: $0.name), $0.target.resource) }
        + (inputs + outputs).map { (LuaNames.identifier(of: $0.port), $0.target.resource) }
    }
  }

  private func check(_ script: Script, _ wired: Wired) {
    guard compiled.contains(wired.owner) else { return }
    var objects = Dictionary(
      wired.resources.map { (Substring($0.name), scope[$0.id].kind.sort.scriptObject) },
      uniquingKeysWith: { first, _ in first })
    // Several outputs of one name are put to as a queue is, whatever they are.
    for (port, outputs) in Dictionary(grouping: wired.outputs, by: \.port)
    where outputs.count > 1 && !wired.inputs.contains(where: { $0.port == port }) {
      objects[Substring(LuaNames.identifier(of: port))] = .queue
    }
    for finding in LuaUsage(script.source, objects: objects).findings {
      let (message, help, isSure) = words(for: finding.problem, wired, objects)
      let place = script.place(of: finding.range)
      let text = "script of \(wired.owner): \(message)"
      if isSure {
        scope.findings.error(at: place, text, help: help)
      } else {
        scope.findings.warning(at: place, text, help: help)
      }
    }
  }

  // MARK: Words

  private typealias Words = (message: String, help: String?, isSure: Bool)

  private func words(
    for problem: LuaUsage.Problem, _ wired: Wired, _ objects: [Substring: LuaObject]
  ) -> Words {
    switch problem {
    case .nothing(let name): return nothing(String(name), wired)
    case .noMethod(let method, let name):
      let object = objects[name] ?? .queue
      let meant = object.method(for: String(method))
      return (
        "'\(name)' is \(object.noun), which has no '\(method)'",
        meant.map { "write '\(name):\($0)(…)'" }
          ?? "it has \(Wording.enumeration(object.methods ?? []))", true
      )
    case .noArgument(let method, let name):
      return ("'\(name):\(method)()' is given nothing", "write '\(name):\(method)(…)' with what it takes", true)
    case .dotForColon(let method, let name):
      return ("'\(name).\(method)(…)' is no call of a method", "write '\(name):\(method)(…)', with a ':'", true)
    case .loopOver(let name):
      return ("a loop can't go over '\(name)' itself", Self.loop(name, objects[name]), true)
    case .waitsForQueue(let name):
      return (
        "'wait' takes pipe ends, and '\(name)' is a queue",
        "'\(name):get(0)' takes an item if there is one, '\(name):get()' waits for one", true
      )
    }
  }

  private static func loop(_ name: Substring, _ object: LuaObject?) -> String? {
    object?.loop.map { "write '\($0(name))'" }
  }

  private func nothing(_ name: String, _ wired: Wired) -> Words {
    if wired.hasPorts, name == "input" || name == "output" { return unwiredPort(name, wired) }
    if let id = byIdentifier[name] {
      scope.findings.presume(scope[id].name)
      return unused(id, wired)
    }
    if let other = Self.ofOtherVersions[name] { return ("'\(name)' is nothing in Lua 5.4", "write '\(other)'", true) }
    let names = wired.resources.map(\.name) + scope.resources.map { LuaNames.identifier(of: $0.name) }
    let near = nearest(to: name, among: names)
    if let near, let id = byIdentifier[near] { scope.findings.presume(scope[id].name) }
    return (
      "nothing gives '\(name)' a value",
      near.map { "did you mean '\($0)'?" } ?? "define it, or name a resource of that name under 'use'",
      near != nil
    )
  }

  private func unwiredPort(_ name: String, _ wired: Wired) -> Words {
    let key = name == "input" ? "in" : "out"
    let ports = (name == "input" ? wired.inputs : wired.outputs).map { LuaNames.identifier(of: $0.port) }
    if ports.isEmpty {
      return ("'\(name)' is nothing: the process has no '\(key)'", "write '\(key): QUEUE' at the process", true)
    }
    return (
      "'\(name)' is nothing: '\(key)' names its \(name)s", "write \(Wording.choice(Wording.quoted(ports)))", true
    )
  }

  /// A resource that the file declares and the script is not given, at least not by this name.
  private func unused(_ id: ResourceID, _ wired: Wired) -> Words {
    let resource = scope[id]
    let noun = "\(scope.index[id].section.noun) '\(resource.name)'"
    if let own = wired.resources.first(where: { $0.id == id }) {
      return (
        "\(noun) has the name '\(own.name)' in it", "write '\(own.name)', or give it another name by a map", true
      )
    }
    switch resource.kind {
    case .queue:
      return (
        "\(noun) is not under its 'in' or 'out'",
        "write 'in: \(resource.name)' to read it as 'input', 'out: \(resource.name)' to write it as 'output'", true
      )
    case .pipe:
      return ("\(noun) is not among its resources", "name one of its ends, as in 'use: \(resource.name).a'", true)
    default: return ("\(noun) is not under its 'use'", "write '\(use(adding: resource.name, wired))'", true)
    }
  }

  private func use(adding name: String, _ wired: Wired) -> String {
    if wired.uses.isEmpty { return "use: \(name)" }
    let isRenamed = wired.uses.contains { $0.name != scope[$0.target.resource].name }
    if isRenamed {
      let entries = wired.uses.map { "\($0.name): \(scope.text(of: $0.target))" } + ["\(name): \(name)"]
      return "use: {\(entries.joined(separator: ", "))}"
    }
    return "use: [\((wired.uses.map { scope.text(of: $0.target) } + [name]).joined(separator: ", "))]"
  }

  private static let ofOtherVersions = [
    "unpack": "table.unpack", "loadstring": "load", "printf": "print(string.format(…))", "len": "#x",
    "str": "tostring", "int": "math.tointeger", "float": "tonumber", "range": "for i = 1, n do", "time": "now",
    "self": "process",
  ]
}
