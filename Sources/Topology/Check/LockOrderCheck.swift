/// Warns of two locks that scripts take in opposite orders: each may get one of them and wait for the other for ever.
struct LockOrderCheck {
  let scope: Scope

  private struct Taking {
    var owner: String
    var isAlone: Bool
    var place: Place
    var all: Set<ResourceID>
  }

  /// By the lock that is held and the one that is taken.
  private struct Order: Hashable {
    var held: ResourceID
    var taken: ResourceID
    var reversed: Order { Order(held: taken, taken: held) }
  }

  func run(_ processes: [BoundProcess]) {
    var takings: [Order: [Taking]] = [:]
    for process in processes where process.isEnabled {
      let declaration = process.declaration
      add(declaration.work, declaration.uses, process.owner, isAlone: declaration.replicas == 1, to: &takings)
    }
    for resource in scope.resources {
      guard case .pool(let pool) = resource.kind else { continue }
      add(pool.work, pool.uses, "pool '\(resource.name)'", isAlone: pool.size == 1, to: &takings)
    }
    for order in takings.keys.sorted(by: { ($0.held, $0.taken) < ($1.held, $1.taken) }) where order.held < order.taken {
      warn(order, takings[order] ?? [], takings[order.reversed] ?? [])
    }
  }

  private func add(
    _ work: ProcessDeclaration.Work, _ uses: [UseBinding], _ owner: String, isAlone: Bool,
    to takings: inout [Order: [Taking]]
  ) {
    guard case .script(let script) = work else { return }
    var locks: [Substring: ResourceID] = [:]
    for use in uses {
      if case .lock = scope[use.target.resource].kind {
        locks[LuaNames.identifier(of: use.name)[...]] = use.target.resource
      }
    }
    guard locks.count > 1 else { return }
    for pair in LockNesting(script.onLinesOfFile, locks: Set(locks.keys)).pairs {
      guard let held = locks[pair.held], let taken = locks[pair.taken], held != taken else { continue }
      let at = script.place(ofLine: pair.line + 1, near: pair.taken)
      takings[Order(held: held, taken: taken), default: []].append(
        Taking(owner: owner, isAlone: isAlone, place: at, all: Set(pair.all.compactMap { locks[$0] })))
    }
  }

  private func warn(_ order: Order, _ takings: [Taking], _ reverse: [Taking]) {
    for first in takings {
      for second in reverse where mayMeet(first, second, order) {
        let (held, taken) = (scope[order.held].name, scope[order.taken].name)
        scope.findings.warning(
          at: second.place,
          "\(second.owner) takes lock '\(held)' while it has '\(taken)', and \(first.owner) takes them in the other order",
          help: "each may get one and wait for the other for ever: take '\(held)' first in both, or give a time-out",
          notes: [
            Diagnostic.Note(place: first.place, message: "here \(first.owner) takes '\(taken)' while it has '\(held)'")
          ])
        return
      }
    }
  }

  /// A third lock that both have keeps them apart, and so does it that one instance does both.
  private func mayMeet(_ first: Taking, _ second: Taking, _ order: Order) -> Bool {
    let common = first.all.intersection(second.all).subtracting([order.held, order.taken])
    return common.isEmpty && !(first.owner == second.owner && first.isAlone)
  }
}

/// Which locks a script takes while it holds others, as far as its text says it without doubt: `a:acquire()` holds until
/// the block ends or `a:release()` stands somewhere, `a:with(…)` until its parenthesis closes.
struct LockNesting {
  /// `taken`, for which it waits without a time-out, while it has `held`.
  struct Pair: Equatable {
    var held: Substring
    var taken: Substring
    /// From 0, of the taking.
    var line: Int
    /// All that it has then.
    var all: Set<Substring>
  }

  private(set) var pairs: [Pair] = []
  private let tokens: [LuaTokens.Token]
  private let locks: Set<Substring>
  /// From outside to inside; of each block, and each parenthesis of a `with`, the locks that it holds.
  private var scopes: [Scope] = [Scope(opener: .block)]

  private struct Scope {
    enum Opener { case block, with, parenthesis }
    var opener: Opener
    var held: [Substring] = []
  }

  init(_ source: String, locks: Set<Substring>) {
    self.locks = locks
    tokens = LuaTokens(source).tokens
    var index = 0
    while index < tokens.count { index = step(index) }
  }

  /// The index behind what it has taken in.
  private mutating func step(_ index: Int) -> Int {
    switch tokens[index].text {
    case "function", "do", "then", "repeat": scopes.append(Scope(opener: .block))
    case "else", "elseif":
      close(.block)
      if tokens[index].text == "else" { scopes.append(Scope(opener: .block)) }
    case "end", "until": close(.block)
    case "(": scopes.append(Scope(opener: .parenthesis))
    case ")": close(.parenthesis)
    default: return call(index) ?? index + 1
    }
    return index + 1
  }

  private mutating func close(_ opener: Scope.Opener) {
    guard let last = scopes.last, scopes.count > 1 else { return }
    if (last.opener == .block) == (opener == .block) { scopes.removeLast() }
  }

  /// `a:acquire(`, `a:with(`, `a:release(` of a lock; `nil`: none is here.
  private mutating func call(_ index: Int) -> Int? {
    guard index + 3 < tokens.count, locks.contains(tokens[index].text), tokens[index + 1].text == ":",
      tokens[index + 3].text == "(", index == 0 || ![".", ":"].contains(tokens[index - 1].text)
    else { return nil }
    let lock = tokens[index].text
    switch tokens[index + 2].text {
    case "acquire":
      // With a time-out it is given up some time.
      if index + 4 < tokens.count, tokens[index + 4].text == ")" { note(lock, at: tokens[index].line) }
      hold(lock)
      return index + 3
    case "with":
      note(lock, at: tokens[index].line)
      scopes.append(Scope(opener: .with, held: [lock]))
      return index + 4
    case "release":
      for scope in scopes.indices { scopes[scope].held.removeAll { $0 == lock } }
      return index + 3
    default: return nil
    }
  }

  /// In the block around: a parenthesis ends nothing.
  private mutating func hold(_ lock: Substring) {
    let index = scopes.lastIndex { $0.opener == .block } ?? 0
    scopes[index].held.append(lock)
  }

  private mutating func note(_ lock: Substring, at line: Int) {
    let all = Set(scopes.flatMap(\.held))
    guard !all.contains(lock) else { return }
    for held in all { pairs.append(Pair(held: held, taken: lock, line: line, all: all)) }
  }
}
