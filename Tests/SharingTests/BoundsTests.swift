import Limits
import Sharing
import Testing

/// A plan that exceeds what memory is laid out for does not come into being: `check` has refused it before.
@Suite struct BoundsTests {
  private static func layOut(_ resource: ArenaPlan.Resource) {
    var plan = ArenaPlan()
    plan.workers = [ArenaPlan.Worker(group: 0)]
    plan.resources = [resource]
    _ = try? Arena(plan, name: "test")
  }

  private static func queue(
    capacity: Int = 1, byteCount: Int = 8, maxDeliveries: Int = 1, readers: [Int] = []
  ) -> ArenaPlan.Resource {
    .queue(
      ArenaPlan.Queue(
        capacity: capacity, byteCount: byteCount, format: .fixed(byteCount: 8), maxDeliveries: maxDeliveries,
        readers: readers, writers: []))
  }

  private static func pipe(byteCount: Int) -> ArenaPlan.Resource {
    .pipe(
      ArenaPlan.Pipe(
        byteCount: byteCount, formatFromA: .framed, formatFromB: .framed, isDuplex: false, holderOfA: nil,
        holderOfB: nil))
  }

  /// The largest of each are laid out, as far as there is memory.
  /// Seen to fail: bounds that are one too small.
  @Test func theLimitsThemselvesAreTaken() {
    Self.layOut(Self.queue(capacity: Limit.count.upperBound, maxDeliveries: Limit.count.upperBound))
    Self.layOut(Self.queue(byteCount: Limit.byteCount.upperBound))
    Self.layOut(Self.pipe(byteCount: Limit.byteCount.upperBound))
    Self.layOut(.array(elementByteCount: 8, count: Limit.arrayLength.upperBound))
    Self.layOut(.semaphore(initial: Limit.semaphoreCount.upperBound, isBounded: true, users: [0]))
    Self.layOut(.barrier(parties: Limit.count.upperBound, users: [0]))
  }

  // Seen to fail: each laid out.

  @Test func aQueueOfTooManyItemsIsNotLaidOut() async {
    await #expect(processExitsWith: .failure) { BoundsTests.layOut(BoundsTests.queue(capacity: 1 << 31)) }
  }

  @Test func aQueueOfTooManyBytesIsNotLaidOut() async {
    await #expect(processExitsWith: .failure) { BoundsTests.layOut(BoundsTests.queue(byteCount: 1 << 38 + 1)) }
  }

  @Test func aPipeOfTooManyBytesIsNotLaidOut() async {
    await #expect(processExitsWith: .failure) { BoundsTests.layOut(BoundsTests.pipe(byteCount: 1 << 38 + 1)) }
  }

  @Test func anArrayOfTooManyElementsIsNotLaidOut() async {
    await #expect(processExitsWith: .failure) {
      BoundsTests.layOut(.array(elementByteCount: 8, count: 1 << 36 + 1))
    }
  }

  @Test func aReaderThatThePlanHasNotIsNone() async {
    await #expect(processExitsWith: .failure) { BoundsTests.layOut(BoundsTests.queue(readers: [1])) }
  }

  @Test func aReaderStandsOnceInItsList() async {
    await #expect(processExitsWith: .failure) { BoundsTests.layOut(BoundsTests.queue(readers: [0, 0])) }
  }

  /// More address space than a run has.
  /// Seen to fail: laid out past what its processes have mapped.
  @Test func whatExceedsTheAddressSpaceIsRefused() {
    var plan = ArenaPlan()
    plan.resources = (0..<3).map { _ in .array(elementByteCount: 8, count: Limit.arrayLength.upperBound) }
    #expect(throws: ArenaError.self) { try Arena(plan, name: "test") }
  }
}
