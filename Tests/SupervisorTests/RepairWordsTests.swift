import Sharing
import Testing
import Topology

@testable import Supervisor

/// The log names the dead, the resource and its line.
struct RepairWordsTests {
  private func words(_ repair: Repair, _ kind: Resource.Kind) -> RepairWords {
    RepairWords(
      repair, worker: "a-1", resources: [Resource(name: "it", kind: kind, place: Declared.place)],
      nameOfWorker: { "b-\($0)" })
  }

  /// Seen to fail: its name left out.
  @Test func saysWhatReturnedToASemaphore() {
    let words = words(.countsReturned(resource: 0, count: 2), .semaphore(initial: 3, bounded: true))
    #expect(
      words.text == "2 counts that 'a-1' had taken and not given back when it ended went back to semaphore 'it'")
    #expect(words.place == Declared.place && words.severity == .warning)
  }

  /// Seen to fail: the dead one named.
  @Test func saysWhoIsWokenInstead() {
    let words = words(.wakeUpPassedOn(resource: 0, to: 4), .condition(lock: ResourceID(0)))
    #expect(words.text == "'a-1' was notified at condition 'it' and ended before it woke; 'b-4' is woken instead")
  }

  /// Seen to fail: told as a note.
  @Test func saysWhoIsMissingAtABarrier() {
    let words = words(.barrierBroken(resource: 0, waiters: 1), .barrier(parties: 2))
    #expect(words.text == "barrier 'it' is broken: 'a-1' has ended and will not come; 1 party waited for it")
    #expect(words.severity == .warning)
  }
}
