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
