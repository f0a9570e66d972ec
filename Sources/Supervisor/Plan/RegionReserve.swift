internal import Glibc

/// How much address space each worker with a `DurableRegion` gets: as much as there is, since what is not used takes no
/// memory.
struct RegionReserve {
  /// Of one worker: a power of two.
  let byteCount: Int

  /// Of the arena's address space (1 TiB) for all of them, and for one.
  private static let total = 1 << 39
  private static let most = 1 << 36

  init(count: Int) { self.init(count: count, fileByteLimit: Self.fileByteLimit) }

  /// `fileByteLimit`: how long this process may make a file, as which the system takes shared memory.
  init(count: Int, fileByteLimit: UInt64) {
    let share = min(Self.total, Int(clamping: fileByteLimit / 2)) / max(1, count)
    byteCount = min(Self.most, 1 << (Int.bitWidth - 1 - max(4096, share).leadingZeroBitCount))
  }

  private static var fileByteLimit: UInt64 {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 ? UInt64(limit.rlim_cur) : .max
  }
}
