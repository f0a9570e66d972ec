import SystemPackage

/// How a log ends that an earlier instance of the same name, or an earlier run, left.
struct EarlierEnd {
  /// Of its last line; `nil` if it has none.
  var timeNanoseconds: Int64?
  /// Whether it ends within a line.
  var isTorn: Bool

  init(of path: FilePath) throws {
    let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
    defer { try? descriptor.close() }
    let byteCount = Int(try descriptor.seek(offset: 0, from: .end))
    var scanner = BackwardLineScanner(descriptor: descriptor, end: byteCount)
    var stamp = TimestampReader()
    isTorn = try scanner.lastLineEnd() != byteCount
    while timeNanoseconds == nil, let line = try scanner.previous() {
      timeNanoseconds = CRIFormat.parse(line.bytes, stamp: &stamp)?.timeNanoseconds
    }
  }
}
