internal import Platform

/// How much address space each worker with a `DurableRegion` gets: as much as there is, since what is not used takes no
/// memory.
struct RegionReserve {
  /// Of one worker: a power of two.
  let byteCount: Int

  /// For all of them, and for one: 47 bits of address space are a process's at most.
  private static let total = 1 << 39
  private static let most = 1 << 36

  init(count: Int) {
    self.init(
      count: count, fileByteLimit: ResourceLimits.fileByteCount, addressByteLimit: ResourceLimits.addressByteCount)
  }

  /// `fileByteLimit`: how long this process may make a file, as which the system takes shared memory;
  /// `addressByteLimit`: of how much address space it has, for what it has of its own too.
  init(count: Int, fileByteLimit: UInt64, addressByteLimit: UInt64 = .max) {
    let most = min(Int(clamping: fileByteLimit / 2), Int(clamping: addressByteLimit / 8))
    let share = min(Self.total, most) / max(1, count)
    byteCount = min(Self.most, 1 << (Int.bitWidth - 1 - max(4096, share).leadingZeroBitCount))
  }
}
