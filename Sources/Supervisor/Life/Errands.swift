/// What commands wait for: that instances have come to rest, or begun another life. Each gets its answer: that it is
/// done, or by what it was overtaken. Pure.
struct Errands<Client> {
  enum Goal {
    case rest, life
  }

  enum Answer: Equatable {
    /// `killed`: who outlived its grace period.
    case done(killed: [String])
    case overtaken(command: String, by: String)
    /// It will not live, and why.
    case failed(String)
  }

  private struct Errand {
    /// As the user has typed it.
    var command: String
    var goal: Goal
    var targets: [Target]
    var client: Client
    var killed: [String] = []
  }

  private struct Target {
    var instance: Instance
    /// Lives that it had when the command came.
    var lives: Int

    enum Standing: Equatable {
      case met, notYet
      case never(String)
    }

    func standing(for goal: Goal) -> Standing {
      switch (goal, instance.state) {
      case (.rest, let state): state.life == nil ? .met : .notYet
      case (.life, _) where instance.life.lives > lives: .met
      case (.life, .ended(let end)): .never("\(instance.name) \(end.words)")
      case (.life, _): .notYet
      }
    }
  }

  private var errands: [Errand] = []

  var isEmpty: Bool { errands.isEmpty }

  /// `isNewLife`: one that is alive already is not enough.
  mutating func add(_ command: String, _ goal: Goal, _ targets: [Instance], isNewLife: Bool = false, _ client: Client) {
    let targets = targets.map { instance in
      let isMet = goal == .life && !isNewLife && instance.state.isRunning
      return Target(instance: instance, lives: instance.life.lives - (isMet ? 1 : 0))
    }
    errands.append(Errand(command: command, goal: goal, targets: targets, client: client))
  }

  mutating func remove(where isGone: (Client) -> Bool) { errands.removeAll { isGone($0.client) } }

  mutating func recordKill(of instance: Instance) {
    for index in errands.indices where errands[index].targets.contains(where: { $0.instance === instance }) {
      errands[index].killed.append(instance.name)
    }
  }

  /// Whoever wanted the contrary of one of these is let go. `goal`: what is wanted now.
  mutating func overtake(_ targets: [Instance], goal: Goal, by cause: String) -> [(client: Client, answer: Answer)] {
    take { errand in
      let isCrossed =
        errand.goal != goal
        && errand.targets.contains { target in
          target.standing(for: errand.goal) != .met && targets.contains { $0 === target.instance }
        }
      return isCrossed ? .overtaken(command: errand.command, by: cause) : nil
    }
  }

  /// What has come about.
  mutating func answers() -> [(client: Client, answer: Answer)] {
    take { errand in
      let standings = errand.targets.map { $0.standing(for: errand.goal) }
      let reasons = standings.compactMap { if case .never(let reason) = $0 { reason } else { nil } }
      if !reasons.isEmpty { return .failed(reasons.joined(separator: "; ")) }
      return standings.allSatisfy { $0 == .met } ? .done(killed: errand.killed) : nil
    }
  }

  private mutating func take(_ answer: (Errand) -> Answer?) -> [(client: Client, answer: Answer)] {
    var answered: [(client: Client, answer: Answer)] = []
    errands.removeAll { errand in
      guard let answer = answer(errand) else { return false }
      answered.append((errand.client, answer))
      return true
    }
    return answered
  }
}

extension InstanceState.End {
  /// Why it does not live, behind its name.
  fileprivate var words: String {
    switch self {
    case .succeeded: "has ended"
    case .failed(let reason): reason
    case .neverStarted(let reason): "never started: it \(reason)"
    case .stopped: "is not needed: all who called it have ended"
    }
  }
}
