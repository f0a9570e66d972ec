/// One operation to be killed or suspended wherever it may matter: a small topology, whom that befalls, and what must come
/// out anyway.
struct Scenario {
  var name: String
  /// The file. `queues` here want small `bytes`: the arena is compared after every write.
  var topology: String
  /// Processes that have run to their end before the victim starts; all others run beside it or after its death.
  var before: [String] = []
  /// Processes that start when all others have ended: they show what came out.
  var after: [String] = []
  var victim: Victim
  /// Of its others, one that is suspended as well, in between; the instance's name.
  var rival: String?
  /// What the supervisor does beside the victim, or as the victim.
  var duty: Duty?
  /// Whether the others keep state of their own while they converse with the victim, as a server does: see `DialogueProver`.
  var isDialogue = false
  /// Whether the victim is killed, and not suspended only.
  var isMortal = true
  /// Whether another life of the victim follows, as its restart policy says.
  var isVictimRestarted = true
  /// When the others may begin: none, where it is right that the victim waits for ever if it is suspended.
  var othersBegin = Beginning.allCases
  /// What all the other processes, and the victim's other lives, print after the kill.
  var outcome: Outcome
  /// What they all print, where nobody is killed; `nil`: the same.
  var wholeOutcome: Outcome?

  enum Victim: ExpressibleByStringLiteral {
    /// Whose first instance it is.
    case process(String)
    /// What stands for it is suspended only: its death ends a run.
    case supervisor

    init(stringLiteral name: String) { self = .process(name) }
  }

  enum Outcome {
    /// Always exactly this: nothing lost, nothing twice, in order.
    case text(String)
    /// These lines, each as often as here, in any order.
    case lines([String])
    /// These lines, in this order, among words about them.
    case among([String])
    /// One of these, as the operation has happened or not.
    case either([String])
    /// Each of these lines once or more, in any order: a script may see an item twice.
    case atLeastOnce([String])
  }
}

extension Scenario.Outcome {
  /// However often somebody dies.
  var isTheSameAfterEachDeath: Bool {
    switch self {
    case .text, .lines, .among, .atLeastOnce: true
    case .either: false
    }
  }

  func accepts(_ text: String) -> Bool {
    switch self {
    case .text(let expected): text == expected
    case .lines(let lines): text.split(separator: "\n").map(String.init).sorted() == lines.sorted()
    case .among(let lines): text.split(separator: "\n").map(String.init).filter(lines.contains) == lines
    case .either(let texts): texts.contains(text)
    case .atLeastOnce(let lines): Set(text.split(separator: "\n").map(String.init)) == Set(lines)
    }
  }
}

extension Scenario {
  /// Gives what was gone through; throws what does not hold.
  func prove(_ thoroughness: Thoroughness) throws -> Tally {
    var tally = Tally()
    if case .process = victim, isMortal {
      if isDialogue {
        let prover = try DialogueProver(self)
        try prover.prove()
        tally = prover.tally
      } else {
        let prover = try Prover(self, thoroughness)
        try prover.prove()
        tally = prover.tally
      }
    }
    let prover = try PreemptionProver(self, thoroughness)
    try prover.prove()
    tally.preemption = prover.tally
    if rival != nil, isMortal {
      let prover = try PairProver(self, thoroughness)
      try prover.prove()
      tally.pairs = prover.tally
    }
    return tally
  }
}
