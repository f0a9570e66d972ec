/// A bar that is as long as something is full.
enum TopBar {
  static func render(_ fraction: Double, width: Int, _ style: TextStyle) -> [TextSpan] {
    // What is not empty shows, and what is not full has a gap.
    let filled = fraction <= 0 ? 0 : fraction >= 1 ? width : min(max(1, Int(fraction * Double(width))), width - 1)
    return [
      TextSpan(String(repeating: "█", count: max(0, filled)), style),
      TextSpan(String(repeating: "░", count: max(0, width - filled)), .dim),
    ]
  }
}
