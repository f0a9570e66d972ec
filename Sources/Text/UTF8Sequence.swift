/// The encoding of one character, or what is none, at the start of some bytes.
struct UTF8Sequence {
  var byteCount: Int
  /// Whether it is well-formed (Unicode, table 3-7). If not, `byteCount` is the maximal subpart that one U+FFFD replaces.
  var isValid: Bool

  /// U+FFFD.
  static var replacement: UnsafeRawBufferPointer { ("\u{FFFD}" as StaticString).bytes }

  /// Reads the sequence that starts at `index`.
  init(_ bytes: UnsafeRawBufferPointer, at index: Int) {
    let first = bytes[index]
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch first {
    case 0x00...0x7F: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      // U+D800 to U+DFFF are no characters.
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default:
      (byteCount, isValid) = (1, false)
      return
    }
    for place in 1..<max(length, 1) {
      let allowed = place == 1 ? second : 0x80...0xBF
      guard index + place < bytes.count, allowed.contains(bytes[index + place]) else {
        (byteCount, isValid) = (place, false)
        return
      }
    }
    (byteCount, isValid) = (length, true)
  }
}
