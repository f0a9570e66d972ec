/// The log format of the Kubernetes Container Runtime Interface:
/// `2026-11-23T09:36:34.123456789Z stdout F text`, `P` where the text's line goes on in a later one of that stream.
///
/// Written here with nine digits always, so that a header has a fixed size.
enum CRIFormat {
  static let headerByteCount = 40
  /// A longer line is written as fragments of this size.
  static let maxTextByteCount = 16 << 10
  static let maxLineByteCount = headerByteCount + maxTextByteCount + 1

  private static let stdoutField = field(" stdout ")
  private static let stderrField = field(" stderr ")

  /// Writes `headerByteCount` bytes.
  static func writeHeader(
    timeNanoseconds: Int64, stream: LogStream, end: LineEnd, stamp: inout TimestampWriter,
    to header: UnsafeMutableRawPointer
  ) {
    stamp.write(timeNanoseconds, to: header)
    let streamField = stream == .stdout ? stdoutField : stderrField
    header.storeBytes(of: streamField, toByteOffset: 30, as: UInt64.self)
    header.storeBytes(of: UInt8(ascii: end == .newline ? "F" : "P"), toByteOffset: 38, as: UInt8.self)
    header.storeBytes(of: UInt8(ascii: " "), toByteOffset: 39, as: UInt8.self)
  }

  /// Reads a line given without its newline; `nil` if it isn't of this format.
  static func parse(_ line: UnsafeRawBufferPointer, stamp: inout TimestampReader) -> CRILine? {
    guard line.count >= headerByteCount, line[39] == UInt8(ascii: " "), let time = stamp.read(line) else { return nil }
    let stream: LogStream
    switch line.loadUnaligned(fromByteOffset: 30, as: UInt64.self) {
    case stdoutField: stream = .stdout
    case stderrField: stream = .stderr
    default: return nil
    }
    let end: LineEnd
    switch line[38] {
    case UInt8(ascii: "F"): end = .newline
    case UInt8(ascii: "P"): end = .fragment
    default: return nil
    }
    let text = UnsafeRawBufferPointer(rebasing: line[headerByteCount...])
    return CRILine(timeNanoseconds: time, stream: stream, end: end, text: text)
  }

  /// Eight bytes as they lie in memory.
  private static func field(_ text: StaticString) -> UInt64 {
    UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt64.self)
  }
}

/// One line of a log file, taken apart; `text` is lent by what it was read from.
struct CRILine {
  var timeNanoseconds: Int64
  var stream: LogStream
  var end: LineEnd
  var text: UnsafeRawBufferPointer

  /// A fragment without a text: no part of any line.
  var isNothing: Bool { end == .fragment && text.isEmpty }
}
