/// What the text of a script does with its names that is sure to fail once it is done: names that nothing gives a value,
/// methods that an object has not.
///
/// It knows words and signs, no scopes: a name that is assigned or declared anywhere counts as given everywhere.
struct LuaUsage {
  struct Finding: Equatable {
    var problem: Problem
    var range: Range<String.Index>
    /// From 0.
    var line: Int
  }

  enum Problem: Hashable {
    /// A name that is called or indexed, and that nothing gives a value.
    case nothing(Substring)
    case noMethod(Substring, of: Substring)
    /// A call that needs something to put, send or set.
    case noArgument(Substring, of: Substring)
    /// `queue.put(x)`
    case dotForColon(Substring, of: Substring)
    /// `for x in queue do`
    case loopOver(Substring)
    /// `wait{queue}`
    case waitsForQueue(Substring)
  }

  let source: String
  let objects: [Substring: LuaObject]
  private let tokens: [LuaTokens.Token]
  private let given: Set<Substring>
  /// Names that are looked at somewhere without being called or indexed, which may be how the script finds out.
  private let tested: Set<Substring>
  /// It may make globals out of sight.
  private let isOpaque: Bool

  /// `objects`: what the wiring gives, by name.
  init(_ source: String, objects: [Substring: LuaObject]) {
    self.source = source
    tokens = LuaTokens(source).tokens
    let given = LuaNamesGiven(tokens).names
    self.given = given
    self.objects = objects.filter { !given.contains($0.key) }
    tested = Set(
      tokens.indices.lazy.filter { [tokens] in
        LuaNamesGiven.isFree($0, in: tokens) && !Self.isCalledOrIndexed($0, tokens)
      }.map { [tokens] in tokens[$0].text })
    isOpaque = tokens.contains { ["_G", "_ENV", "load", "loadfile", "dofile", "require"].contains($0.text) }
  }

  /// The first of each name or method.
  var findings: [Finding] {
    var found: [Finding] = []
    var told: Set<Problem> = []
    for index in tokens.indices {
      guard let problem = problem(at: index), told.insert(problem).inserted else { continue }
      found.append(Finding(problem: problem, range: tokens[index].range, line: tokens[index].line))
    }
    return isOpaque ? found.filter { if case .nothing = $0.problem { false } else { true } } : found
  }

  private func problem(at index: Int) -> Problem? {
    guard LuaNamesGiven.isFree(index, in: tokens) else { return nil }
    let name = tokens[index].text
    if let object = objects[name] { return misuse(of: object, name, at: index) }
    if name == "wait", !given.contains(name), let queue = queueToWaitFor(index) { return .waitsForQueue(queue) }
    if given.contains(name) || LuaNames.globals.contains(String(name)) || tested.contains(name) { return nil }
    return Self.isCalledOrIndexed(index, tokens) ? .nothing(name) : nil
  }

  // MARK: Objects

  private func misuse(of object: LuaObject, _ name: Substring, at index: Int) -> Problem? {
    if text(index - 1) == "in", text(index + 1) == "do", object.loop != nil { return .loopOver(name) }
    guard let methods = object.methods, text(index + 3) == "(" else { return nil }
    let method = text(index + 2)
    if text(index + 1) == ".", methods.contains(String(method)), text(index + 4) != name {
      return .dotForColon(method, of: name)
    }
    guard text(index + 1) == ":" else { return nil }
    if !methods.contains(String(method)) { return .noMethod(method, of: name) }
    return object.needArguments.contains(String(method)) && text(index + 4) == ")" && !isString(index + 4)
      ? .noArgument(method, of: name) : nil
  }

  private func queueToWaitFor(_ index: Int) -> Substring? {
    var next = index + 1
    if text(next) == "(" { next += 1 }
    guard text(next) == "{" else { return nil }
    while next < tokens.count, text(next) != "}" {
      if objects[text(next)]?.isQueue == true, [",", "}"].contains(text(next + 1)) { return text(next) }
      next += 1
    }
    return nil
  }

  // MARK: Tokens

  private func text(_ index: Int) -> Substring { tokens.indices.contains(index) ? tokens[index].text : "" }

  private func isString(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].text.isEmpty }

  private static func isCalledOrIndexed(_ index: Int, _ tokens: [LuaTokens.Token]) -> Bool {
    guard tokens.indices.contains(index + 1) else { return false }
    let after = tokens.indices.contains(index + 2) ? tokens[index + 2].text : ""
    switch tokens[index + 1].text {
    // A string is a token without text.
    case "(", "[", "{", "": return true
    case ":": return after != ":"
    case ".": return after != "."
    default: return false
    }
  }
}

/// The names that a text declares or assigns to.
struct LuaNamesGiven {
  private(set) var names: Set<Substring> = []

  init(_ tokens: [LuaTokens.Token]) {
    for (index, token) in tokens.enumerated() {
      switch token.text {
      case "local", "for": addList(tokens, from: index + 1)
      case "function": addFunction(tokens, from: index + 1)
      case "=": addAssigned(tokens, before: index)
      default: break
      }
    }
  }

  /// A name by itself: no keyword, field, method or label.
  static func isFree(_ index: Int, in tokens: [LuaTokens.Token]) -> Bool {
    let text = tokens[index].text
    guard let first = text.first, first.isLetter || first == "_", !LuaNames.keywords.contains(String(text)) else {
      return false
    }
    guard index > 0 else { return true }
    switch tokens[index - 1].text {
    case ":", "goto": return false
    case ".": return index > 1 && tokens[index - 2].text == "."
    case "<": return index + 1 == tokens.count || tokens[index + 1].text != ">"
    default: return true
    }
  }

  /// `a, b <const>, c`
  private mutating func addList(_ tokens: [LuaTokens.Token], from start: Int) {
    var index = start
    if index < tokens.count, tokens[index].text == "function" { index += 1 }
    while index < tokens.count {
      names.insert(tokens[index].text)
      index += 1
      if index + 2 < tokens.count, tokens[index].text == "<" { index += 3 }
      guard index < tokens.count, tokens[index].text == "," else { return }
      index += 1
    }
  }

  /// Its name, unless it is a field, and its parameters.
  private mutating func addFunction(_ tokens: [LuaTokens.Token], from start: Int) {
    var index = start
    if index + 1 < tokens.count, tokens[index + 1].text == "(" { names.insert(tokens[index].text) }
    while index < tokens.count, tokens[index].text != "(" { index += 1 }
    while index < tokens.count, tokens[index].text != ")" {
      names.insert(tokens[index].text)
      index += 1
    }
    names.insert("self")
  }

  /// `a, b =`; of `==` nothing.
  private mutating func addAssigned(_ tokens: [LuaTokens.Token], before equals: Int) {
    if equals + 1 < tokens.count, tokens[equals + 1].text == "=" { return }
    if equals > 0, ["=", "~", "<", ">"].contains(tokens[equals - 1].text) { return }
    var index = equals - 1
    while index >= 0 {
      if Self.isFree(index, in: tokens) { names.insert(tokens[index].text) }
      guard index > 1, tokens[index - 1].text == "," else { return }
      index -= 2
    }
  }
}

/// What a script is given by its wiring.
struct LuaObject: Sendable {
  /// With its article.
  let noun: String
  /// `nil`: any.
  let methods: [String]?
  let needArguments: [String]
  /// How a script goes over it, by its name; `nil`: it does not.
  let loop: (@Sendable (_ name: Substring) -> String)?

  init(
    _ noun: String, methods: [String]?, needArguments: [String] = [],
    loop: (@Sendable (_ name: Substring) -> String)? = nil
  ) {
    self.noun = noun
    self.methods = methods
    self.needArguments = needArguments
    self.loop = loop
  }

  static let queue = LuaObject(
    "a queue", methods: ["put", "get", "items", "reject", "ack", "task_done", "join", "size", "close"],
    needArguments: ["put"], loop: { "for x in \($0):items() do" })

  var isQueue: Bool { noun == Self.queue.noun }

  /// The method that others' word stands for.
  func method(for other: String) -> String? {
    guard let methods else { return nil }
    if let near = nearest(to: other, among: methods) { return near }
    return Self.others[other]?.first(where: methods.contains)
  }

  /// By the other's word, what may be meant, whatever the object has of it.
  private static let others: [String: [String]] = [
    "send": ["put", "send"], "push": ["put", "append", "send"], "enqueue": ["put"], "write": ["put", "send", "set"],
    "emit": ["put", "send"], "append": ["put", "append"], "insert": ["put"], "publish": ["put"],
    "put": ["send", "set"],
    "receive": ["get", "receive"], "recv": ["get", "receive"], "read": ["get", "receive"], "pop": ["get"],
    "take": ["get"], "dequeue": ["get"], "next": ["get"], "get": ["receive"], "each": ["items"], "iter": ["items"],
    "qsize": ["size"], "length": ["size"], "len": ["size"], "count": ["size"], "empty": ["size"],
    "lock": ["acquire"], "enter": ["acquire"], "take_lock": ["acquire"], "down": ["acquire"], "p": ["acquire"],
    "unlock": ["release"], "leave": ["release"], "exit": ["release"], "up": ["release"], "post": ["release"],
    "v": ["release"], "wait": ["acquire", "receive", "get"], "signal": ["notify", "release", "set"],
    "broadcast": ["notify_all"], "notifyAll": ["notify_all"], "fire": ["set"], "raise": ["set"],
    "store": ["set"], "load": ["get"], "increment": ["add"], "incr": ["add"], "inc": ["add"], "has": ["get"],
    "update": ["set"], "remove": ["pop"], "delete": ["pop"], "values": ["all"], "items": ["all"], "run": ["apply"],
    "submit": ["apply_async"], "call": ["apply"], "starmap": ["map"],
  ]
}
