import Testing

@testable import Supervisor

@Suite struct LossTests {
  private let failed = LifeOutcome.failed(reason: "exited with code 1")

  @Test func whatACommandHasNotReadIsLostHoweverItEnds() {
    #expect(
      ItemLoss(given: 9, answered: 9, unread: 2, .succeeded(byEndOfStream: true)) == ItemLoss(atLeast: 2, atMost: 2))
    #expect(ItemLoss(given: 9, answered: 0, unread: 0, .succeeded(byEndOfStream: true)) == nil)
  }

  @Test func whatAFailedOneHasNotAnsweredMayBeLostToo() {
    #expect(ItemLoss(given: 9, answered: 4, unread: 2, failed) == ItemLoss(atLeast: 2, atMost: 5))
    #expect(ItemLoss(given: 9, answered: 9, unread: 0, failed) == nil)
  }

  /// They stand in memory that the worker writes.
  @Test func countsThatCantBeTrueAreBounded() {
    #expect(ItemLoss(given: 3, answered: 7, unread: 90, failed) == ItemLoss(atLeast: 3, atMost: 3))
  }
}
