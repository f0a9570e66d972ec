import Glibc
import Sharing

extension Stage {
  /// How often a worker changes the arena, alone, before it waits or ends; put back after.
  func countChanges(of worker: Int) throws -> Int {
    let before = Array(memory)
    defer { memory.copyBytes(from: before) }
    var tracee = try Tracee(watching: memory) { become(worker) }
    var count = 1
    while try tracee.resume() == .changed { count += 1 }
    return count
  }

  /// Lets a scavenger repair what a worker has left, and stops it after each write that has changed the arena: `body`
  /// gets the number of that write. The arena is put back after. Gives how many writes there were.
  func stepRepair(of worker: Int, _ body: (Int) throws -> Void) throws -> Int {
    let before = Array(memory)
    defer { memory.copyBytes(from: before) }
    var scavenger = try Tracee(watching: memory) {
      _ = arena.scavenge(worker, isFailure: true)
      _exit(0)
    }
    while true {
      switch try scavenger.resume() {
      case .changed, .touches:
        Watchdog.reset("\(scenario.name): after the scavenger's write \(scavenger.writeCount)")
        try body(scavenger.writeCount)
      case .blocked: throw Unplayable(description: "\(scenario.name): the scavenger waits")
      case .crashed(let signal): throw Unplayable(description: "\(scenario.name): signal \(signal) ended the scavenger")
      case .exited: return scavenger.writeCount
      }
    }
  }
}
