/// The last of what a probe printed, as one line for people.
struct OutputExcerpt {
  static let maxByteCount = 512
  private var bytes: [UInt8] = []

  mutating func append(_ more: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: more.suffix(Self.maxByteCount))
    if bytes.count > 2 * Self.maxByteCount { bytes.removeFirst(bytes.count - Self.maxByteCount) }
  }

  /// Its lines, one after the other. What a terminal would take for a command is replaced.
  var text: String {
    let whole = String(decoding: bytes.suffix(Self.maxByteCount), as: UTF8.self)
    return whole.split(whereSeparator: \.isNewline).map(Self.printable).filter { !$0.isEmpty }.joined(separator: " / ")
  }

  private static func printable(_ line: Substring) -> String {
    let scalars = line.unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar == "\t" ? " " : scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars).drop { $0 == " " })
  }
}
