/// The part of the complex plane from -2.5 - 1.25i to 1 + 1.25i, in points.
struct MandelbrotPicture {
  let width: Int
  let height: Int
  let iterations: Int

  /// The iterations after which a point is known to be outside of the set; `iterations` where it isn't.
  func escapeCount(row: Int, column: Int) -> Int {
    let real = -2.5 + 3.5 * (Double(column) + 0.5) / Double(width)
    // Symmetric about the real axis to the last bit: computed from the nearer edge.
    let mirrored = min(row, height - 1 - row)
    let imaginary = 1.25 - 2.5 * (Double(mirrored) + 0.5) / Double(height)
    var x = 0.0
    var y = 0.0
    var count = 0
    while count < iterations && x * x + y * y <= 4 {
      (x, y) = (x * x - y * y + real, 2 * x * y + imaginary)
      count += 1
    }
    return count
  }

  /// A row in characters: the denser, the later a point escaped.
  func text(row: Int) -> String {
    String((0..<width).map { character(escapeCount(row: row, column: $0)) })
  }

  private func character(_ count: Int) -> Character {
    let palette: [Character] = [" ", ".", ":", "-", "=", "+", "*", "#", "%"]
    guard count < iterations else { return "@" }
    // By doublings: most points escape within the first few iterations.
    let doublings = Int.bitWidth - count.leadingZeroBitCount
    return palette[min(max(doublings - 1, 0), palette.count - 1)]
  }
}
