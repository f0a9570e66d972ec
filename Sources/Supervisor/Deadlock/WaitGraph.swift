/// Who waits for whom. Pure: finds those that can't go on, whatever the others do.
struct WaitGraph {
  /// What one of its members, by index, can do.
  enum Standing {
    /// Runs, or will go on by itself or by somebody from outside.
    case movable
    /// Has ended, and does nothing for anybody.
    case gone
    case waits(needs: [Need])
  }

  /// Something that a waiter can't go on without, and those of whom any one could do it; in parts, some of which may be
  /// long and shared.
  typealias Need = [[Int]]

  private let members: [Standing]

  init(_ members: [Standing]) { self.members = members }

  /// The largest set of waiters each of which lacks something that only members of the set could do; ascending.
  var stuck: [Int] {
    var isStuck = members.map { if case .waits = $0 { true } else { false } }
    // Each pass from the other end than the last: a chain, however long, is gone through in one of them.
    var isForward = true
    while true {
      let order = isForward ? Array(members.indices) : members.indices.reversed()
      var changed = false
      for index in order where isStuck[index] {
        if !needs(of: index).contains(where: { !isMet($0, isStuck) }) {
          isStuck[index] = false
          changed = true
        }
      }
      if !changed { return members.indices.filter { isStuck[$0] } }
      isForward.toggle()
    }
  }

  private func needs(of index: Int) -> [Need] {
    if case .waits(let needs) = members[index] { needs } else { [] }
  }

  /// Somebody may come and do it.
  private func isMet(_ need: Need, _ isStuck: [Bool]) -> Bool {
    need.contains { part in
      part.contains { candidate in
        guard members.indices.contains(candidate), !isStuck[candidate] else { return false }
        if case .gone = members[candidate] { return false }
        return true
      }
    }
  }
}

extension WaitGraph {
  /// Of `stuck`, those sets that hold themselves up: the members of each wait for one another and for nobody else. The
  /// rest of `stuck` only waits behind them.
  func cores(of stuck: [Int]) -> [[Int]] {
    var isStuck = [Bool](repeating: false, count: members.count)
    for index in stuck { isStuck[index] = true }
    let successors = Dictionary(uniqueKeysWithValues: stuck.map { ($0, unmetCandidates(of: $0, isStuck)) })
    var search = ComponentSearch(successors: successors)
    for index in stuck { search.visit(index) }
    return search.components.filter { component in
      let own = Set(component)
      return component.allSatisfy { own.isSuperset(of: successors[$0] ?? []) }
    }.map { $0.sorted() }
  }

  /// Of those needs that nobody can meet, the members of the set that could.
  private func unmetCandidates(of index: Int, _ isStuck: [Bool]) -> [Int] {
    let unmet = needs(of: index).filter { !isMet($0, isStuck) }.joined().joined()
    let candidates = unmet.filter { members.indices.contains($0) && isStuck[$0] }
    return Set(candidates).subtracting([index]).sorted()
  }
}

/// The strongly connected components of a graph (Tarjan), without recursion: a chain of waiters may be long.
private struct ComponentSearch {
  private let successors: [Int: [Int]]
  private(set) var components: [[Int]] = []
  private var order: [Int: Int] = [:]
  private var lowest: [Int: Int] = [:]
  private var open: [Int] = []
  private var isOpen: Set<Int> = []

  init(successors: [Int: [Int]]) { self.successors = successors }

  mutating func visit(_ root: Int) {
    guard order[root] == nil else { return }
    var path: [(node: Int, next: Int)] = []
    enter(root, &path)
    while let (node, next) = path.last {
      let all = successors[node] ?? []
      if next < all.count {
        path[path.count - 1].next += 1
        follow(from: node, to: all[next], &path)
      } else {
        path.removeLast()
        if let parent = path.last?.node { lowest[parent] = min(lowest[parent]!, lowest[node]!) }
        if lowest[node] == order[node] { close(node) }
      }
    }
  }

  private mutating func enter(_ node: Int, _ path: inout [(node: Int, next: Int)]) {
    order[node] = order.count
    lowest[node] = order[node]
    open.append(node)
    isOpen.insert(node)
    path.append((node, 0))
  }

  private mutating func follow(from node: Int, to successor: Int, _ path: inout [(node: Int, next: Int)]) {
    if order[successor] == nil {
      enter(successor, &path)
    } else if isOpen.contains(successor) {
      lowest[node] = min(lowest[node]!, order[successor]!)
    }
  }

  private mutating func close(_ node: Int) {
    let start = open.lastIndex(of: node)!
    components.append(Array(open[start...]))
    isOpen.subtract(open[start...])
    open.removeSubrange(start...)
  }
}
