import Glibc
import Platform
import Sharing
import Synchronization

private let workerCount = 4
private let roundCount = 150

/// Instances that end, are killed and are taken out at the same time: in each round there is one answer, of all that
/// those have absorbed that were there.
func answers() throws {
  var random = SystemRandomNumberGenerator()
  var (kills, leaves, stays) = (0, 0, 0)
  for round in 0..<roundCount {
    let peers = try Peers(workers: workerCount, inOneGroup: true) { _ in [] }
    for worker in 0..<workerCount { try peers.start(worker) { work($0, worker) } }
    var isThere = [Bool](repeating: true, count: workerCount)
    for _ in 0..<UInt.random(in: 0...3, using: &random) {
      usleep(.random(in: 0...400, using: &random))
      guard let worker = peers.living.randomElement(using: &random) else { break }
      peers.kill(worker)
      peers.bury(worker)
      kills += 1
      // One stays always, as where a process is scaled down.
      if worker > 0, Bool.random(using: &random), peers.arena.retire(worker) {
        peers.arena.remove(worker, keepingState: peers.arena.entry(worker).hasDurableState)
        isThere[worker] = false
        leaves += 1
      } else {
        stays += 1
        try peers.start(worker) { work($0, worker) }
      }
    }
    peers.join(peers.living)
    let expected = (0..<workerCount).filter { isThere[$0] || peers.arena.entry($0).hasDurableState }
      .reduce(0) { $0 + 1 << $1 }
    let count = (0..<workerCount).count { peers.arena.durable(of: $0).hasAnswered }
    let answer = peers.number(0).pointee.load(ordering: .relaxed)
    check(count == 1 && answer == expected, "round \(round): \(count) answers, \(answer) for \(expected)")
  }
  say("\(kills) kills: \(leaves) have left, \(stays) were started again")
}

/// Absorbs a number of its own, completes, and answers if it is the one to do it.
private func work(_ peers: Peers, _ worker: Int) {
  let arena = peers.arena
  var stepper = Stepper(arena: arena, worker: worker)
  usleep(.random(in: 0...300))
  stepper.durable.state.0 = 1 << UInt64(worker)
  stepper.durable.hasState = true
  stepper.finish(nil)
  guard let members = arena.complete(worker), !stepper.durable.hasAnswered else { return }
  let answer = members.map(arena.durable).filter(\.hasState).reduce(0) { $0 + $1.state.0 }
  peers.number(0).pointee.store(Int(answer), ordering: .relaxed)
  stepper.durable.hasAnswered = true
  stepper.finish(nil)
}
