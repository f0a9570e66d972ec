/// The contiguous part of some indexed work that one replica does: sizes differ by one at most, and the parts of all
/// replicas in their order are the whole.
struct ReplicaSlice: Equatable {
  let lower: UInt64
  let upper: UInt64

  var count: UInt64 { upper - lower }

  /// `replica` is from 1.
  init(of count: UInt64, replica: Int, replicas: Int) {
    let (share, rest) = count.quotientAndRemainder(dividingBy: UInt64(replicas))
    let before = UInt64(replica - 1)
    lower = before * share + min(before, rest)
    upper = lower + share + (before < rest ? 1 : 0)
  }

  init(of count: UInt64, for worker: Worker) {
    self.init(of: count, replica: worker.replica, replicas: worker.replicas)
  }

  /// In an array of at least `upper` elements.
  var indices: Range<Int> { Int(lower)..<Int(upper) }
}
