/// Where in an instance's files to start reading for a query, found from their end: `--tail 10` reads little of a
/// large log, and `--since 1m` only what is newer.
struct ReadingStart {
  /// `nil` if there is no log yet.
  var file: OpenLogFile?
  var offset = 0
  /// Lines from there that the query does not want.
  var skippedLineCount = 0
  /// Streams whose last line it does not want if that stays without an end.
  var skippedUnended: Set<LogStream> = []

  init(of files: LogFileSet, for query: LogQuery) throws {
    guard query.tail != nil || query.since != nil else {
      file = try files.oldest()
      return
    }
    file = try files.newest()
    guard var current = file else { return }
    offset = try Self.lastLineEnd(of: current)
    var selection = BackwardSelection(query: query)
    while try scan(current, &selection), let older = try files.older(than: current) { current = older }
  }

  /// Whether older files matter too.
  private mutating func scan(_ file: OpenLogFile, _ selection: inout BackwardSelection) throws -> Bool {
    let byteCount = self.file === file ? offset : try file.byteCount()
    if selection.wantsAll(since: try Self.firstTime(of: file)) {
      (self.file, offset) = (file, 0)
      selection.assumeWanted()
      return true
    }
    var lines = BackwardLineScanner(file, end: byteCount)
    var stamp = TimestampReader()
    while !selection.isComplete, let line = try lines.previous() {
      guard let parsed = CRIFormat.parse(line.bytes, stamp: &stamp) else { continue }
      guard selection.wants(parsed) else { continue }
      (self.file, offset) = (file, line.offset)
      (skippedLineCount, skippedUnended) = (selection.unwantedLineCount, selection.unwantedUnended)
    }
    return !selection.isComplete
  }

  /// Behind what is there, but not within a line.
  private static func lastLineEnd(of file: OpenLogFile) throws -> Int {
    var lines = BackwardLineScanner(file, end: try file.byteCount())
    return try lines.lastLineEnd()
  }

  private static func firstTime(of file: OpenLogFile) throws -> Int64? {
    let scanner = LineScanner(file, offset: 0)
    var stamp = TimestampReader()
    return try scanner.next().flatMap { CRIFormat.parse($0, stamp: &stamp)?.timeNanoseconds }
  }
}

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
