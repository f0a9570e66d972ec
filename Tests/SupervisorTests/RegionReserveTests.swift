import Sharing
import Testing

@testable import Supervisor

/// Address space for tables: as much as there is for so many, and none of it counts as memory.
@Suite struct RegionReserveTests {
  /// Seen to fail: all of it for each.
  @Test func sharesTheAddressSpace() {
    #expect(RegionReserve(count: 1, fileByteLimit: .max).byteCount == 64 << 30)
    #expect(RegionReserve(count: 8, fileByteLimit: .max).byteCount == 64 << 30)
    #expect(RegionReserve(count: 9, fileByteLimit: .max).byteCount == 32 << 30)
    #expect(RegionReserve(count: 1_000, fileByteLimit: .max).byteCount == 512 << 20)
  }

  /// Seen to fail: the limit not looked at.
  @Test func staysBelowTheLengthThatAFileMayHave() {
    #expect(RegionReserve(count: 1, fileByteLimit: 32 << 20).byteCount == 16 << 20)
    #expect(RegionReserve(count: 3, fileByteLimit: 32 << 20).byteCount == 4 << 20)
    #expect(RegionReserve(count: 0, fileByteLimit: 0).byteCount == 4096)
    #expect(RegionReserve(count: 1, fileByteLimit: .max, addressByteLimit: 4 << 30).byteCount == 512 << 20)
  }

  /// Seen to fail: regions counted as memory.
  @Test func takesNoMemory() throws {
    var plan = ArenaPlan()
    plan.workers = [
      .init(group: 0), .init(group: 1, regionByteCount: 64 << 30), .init(group: 1, regionByteCount: 4096),
    ]
    #expect(Arena.byteCounts(of: plan).total < 1 << 20)
    let arena = try Arena(plan, name: "test")
    #expect(arena.region(of: 1).byteCount == 64 << 30)
    let last = arena.region(of: 2)
    #expect(last.base == arena.region(of: 1).base + (64 << 30))
    last.base.storeBytes(of: 7, as: UInt8.self)
    last.clear(0..<8)
    #expect(last.base.load(as: UInt8.self) == 0)
  }
}
