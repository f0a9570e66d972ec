/// Puts the fragments of one stream's long lines together again.
struct FragmentJoiner: ~Copyable {
  private var joined = ByteBuffer()
  /// Of the last fragment.
  private var timeNanoseconds: Int64 = 0
  private var isLent = false

  /// The text of the line, once it has ended or grown to the most that a record holds. Valid until `release`.
  @inline(__always)
  mutating func join(_ line: CRILine) -> UnsafeRawBufferPointer? {
    if line.end == .newline, joined.count == 0 { return line.text }
    return append(line)
  }

  /// A line of which no more will come.
  mutating func takeUnended(_ stream: LogStream) -> CRILine? {
    guard joined.count > 0 else { return nil }
    isLent = true
    return CRILine(timeNanoseconds: timeNanoseconds, stream: stream, end: .fragment, text: joined.bytes)
  }

  /// Nobody uses any more what was given out.
  @inline(__always)
  mutating func release() {
    guard isLent else { return }
    joined.removeAll()
    isLent = false
  }

  private mutating func append(_ line: CRILine) -> UnsafeRawBufferPointer? {
    joined.append(line.text)
    timeNanoseconds = line.timeNanoseconds
    guard line.end == .newline || joined.count >= LogReader.maxTextByteCount else { return nil }
    isLent = true
    return joined.bytes
  }
}
