import Logs

/// The log of one instance, as far as it was read, and where in it its reader is.
struct TopLog: Equatable {
  /// Where mporch's own words are.
  static let ofMporch = LogDirectory.ownInstance
  /// So many lines are kept: what is older is for `mporch logs`.
  static let capacity = 5000

  let instance: String
  private(set) var lines: [String] = []
  /// Lines below the page; 0: it follows what is printed.
  private(set) var linesBelow = 0

  init(instance: String) { self.instance = instance }

  var isFollowing: Bool { linesBelow == 0 }

  mutating func append(_ more: [String]) {
    lines.append(contentsOf: more)
    // What is being read stays where it is.
    if !isFollowing { linesBelow = min(linesBelow + more.count, lines.count - 1) }
    if lines.count > Self.capacity { lines.removeFirst(lines.count - Self.capacity) }
    linesBelow = min(linesBelow, max(0, lines.count - 1))
  }

  /// Up.
  mutating func scroll(by count: Int) {
    linesBelow = min(max(linesBelow + count, 0), max(0, lines.count - 1))
  }
}
