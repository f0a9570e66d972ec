import SystemPackage

/// How a log ends that an earlier instance of the same name, or an earlier run, left.
struct EarlierEnd {
  /// Of its last line; `nil` if it has none.
  var timeNanoseconds: Int64?
  /// Whether it ends within a line.
  var isTorn: Bool

  init(of path: FilePath) throws {
    let file = try OpenLogFile(path, index: 0)
    let byteCount = try file.byteCount()
    var scanner = BackwardLineScanner(file, end: byteCount)
    var stamp = TimestampReader()
    isTorn = try scanner.lastLineEnd() != byteCount
    while timeNanoseconds == nil, let line = try scanner.previous() {
      timeNanoseconds = CRIFormat.parse(line.bytes, stamp: &stamp)?.timeNanoseconds
    }
  }
}
