import Testing

@testable import Sharing

@Suite struct EventStateTests {
  // Seen to fail with only the generation looked at.
  @Test func whileItIsSetNobodyWaits() {
    var state = EventState(isSet: false)
    let start = state.generation
    #expect(!state.hasPassed(since: start))
    _ = state.set()
    #expect(state.hasPassed(since: start))
    #expect(state.hasPassed(since: state.generation))
  }

  // Seen to fail with the generation not looked at.
  @Test func setAndClearedAtOnceLetsPassWhoWaited() {
    var state = EventState(isSet: false)
    let start = state.generation
    _ = state.set()
    state.clear()
    #expect(state.hasPassed(since: start))
    #expect(!state.hasPassed(since: state.generation))
  }

  // Seen to fail with a generation begun by clearing.
  @Test func clearingLetsNobodyPass() {
    var state = EventState(isSet: false)
    let start = state.generation
    state.clear()
    #expect(!state.hasPassed(since: start))
  }

  // Seen to fail with a wake-up at each setting, and with the sleepers not forgotten.
  @Test func wakesOnlyWhereSomeoneSleeps() {
    var state = EventState(isSet: false)
    let wakesWithoutSleepers = state.set()
    #expect(!wakesWithoutSleepers)
    state.clear()
    state.hasSleepers = true
    let wakes = state.set()
    #expect(wakes)
    #expect(!state.hasSleepers)
  }
}
