/// A replica's share of a range that all replicas split: contiguous, equal to within one, together the whole.
enum Slice {
  /// `replica` from 1.
  static func of(_ total: UInt64, replica: Int, replicas: Int) -> Range<UInt64> {
    bound(total, replica - 1, replicas)..<bound(total, replica, replicas)
  }

  private static func bound(_ total: UInt64, _ index: Int, _ replicas: Int) -> UInt64 {
    let product = total.multipliedFullWidth(by: UInt64(index))
    return UInt64(replicas).dividingFullWidth(product).quotient
  }
}
