import Glibc
import Sharing

/// A dialogue up to one of the victim's changes of the arena: it is stopped there, the others where they wait.
final class Play {
  let companions: Companions
  /// How often it was the others' turn.
  private(set) var turns = 0
  /// The victim's, once it has ended by itself.
  private(set) var exitCode: Int32?
  private let stage: Stage
  private var victim: Tracee

  /// `state`: changes that the victim has made.
  init(_ stage: Stage, upTo state: Int) throws {
    self.stage = stage
    stage.clearOutput()
    companions = try Companions(stage)
    for worker in stage.others { try companions.start(worker) }
    try companions.letGo()
    let worker = stage.victim!
    victim = try Tracee(watching: stage.memory, as: Companions.processID(of: worker, life: 1)) { stage.become(worker) }
    for _ in 0..<state where exitCode == nil { try advance() }
  }

  /// Of the victim.
  var writeCount: Int { victim.writeCount }
  var address: UInt64 { victim.address }

  /// To the victim's next change, or its end.
  func advance() throws {
    while true {
      switch try victim.resume() {
      case .changed, .touches: return
      case .crashed(let signal):
        throw Finding(
          scenario: stage.scenario.name, write: writeCount, address: address, repairWrite: nil,
          what: "nobody killed it, and it was ended by signal \(signal)")
      case .exited(let code):
        exitCode = code
        return
      case .blocked: break
      }
      let before = (Array(stage.memory), companions.count)
      turns += 1
      try companions.letGo()
      if companions.count == before.1, stage.hasMemory(before.0) {
        throw Finding(
          scenario: stage.scenario.name, write: writeCount, address: address, repairWrite: nil,
          what: "nobody killed it, and all wait for ever: \(stage.printed)")
      }
    }
  }

  func killVictim() { victim.end() }

  func end() {
    victim.end()
    companions.end()
  }
}
