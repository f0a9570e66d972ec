/// Chooses the last lines that a query wants, given the lines of an instance from the last to the first.
struct BackwardSelection {
  /// What the fragments of a stream that come up next belong to.
  private enum Line { case unended, wanted, unwanted }

  /// When all that is wanted was seen, but the beginning of a stream's first line wasn't, as many bytes more are looked
  /// through for it.
  private static let maxExcessByteCount = 16 << 20

  private let query: LogQuery
  private var stdout = Line.unended
  private var stderr = Line.unended
  private var wantedLineCount = 0
  private var reachedSince = false
  /// Whether a line came that is later than wanted: reading ends there, and what has not ended by then is not given out.
  private var hasLaterLine = false
  private var excessByteCount = 0
  /// Ended lines among those given that are within the times but more than `tail`.
  private(set) var unwantedLineCount = 0
  /// The streams whose last line has no end, and is more than `tail` too.
  private(set) var unwantedUnended: Set<LogStream> = []

  init(query: LogQuery) { self.query = query }

  /// Whether no earlier line can matter.
  var isComplete: Bool {
    guard isFull else { return false }
    return (stdout != .wanted && stderr != .wanted) || excessByteCount > Self.maxExcessByteCount
  }

  private var isFull: Bool { reachedSince || wantedLineCount >= query.tail ?? .max }

  /// Whether a file that starts at this time is wanted as a whole, so that it need not be looked through.
  func wantsAll(since firstTime: Int64?) -> Bool {
    guard query.tail == nil, let since = query.since, let firstTime else { return false }
    return firstTime >= since
  }

  /// A file that was not looked through may start with the rest of a line of either stream.
  mutating func assumeWanted() { (stdout, stderr) = (.wanted, .wanted) }

  /// Whether reading has to start at this line, or before it.
  mutating func wants(_ line: CRILine) -> Bool {
    if isFull { excessByteCount += CRIFormat.headerByteCount + line.text.count + 1 }
    if line.isNothing { return false }
    let earlier = line.stream == .stdout ? stdout : stderr
    let belongsTo = line.end == .fragment && earlier != .unended ? earlier : choose(line)
    if line.stream == .stdout { stdout = belongsTo } else { stderr = belongsTo }
    return belongsTo == .wanted
  }

  /// A line's time is that of its end.
  private mutating func choose(_ line: CRILine) -> Line {
    if let until = query.until, line.timeNanoseconds > until {
      hasLaterLine = true
      return .unwanted
    }
    if let since = query.since, line.timeNanoseconds < since {
      reachedSince = true
      return .unwanted
    }
    if line.end == .fragment, hasLaterLine { return .unwanted }
    guard !isFull else {
      if line.end == .newline { unwantedLineCount += 1 } else { unwantedUnended.insert(line.stream) }
      return .unwanted
    }
    wantedLineCount += 1
    return .wanted
  }
}
