/// Text as it may safely go to a terminal: what a worker prints can colour its line, and do nothing else.
///
/// Tabs and colours (SGR, `ESC [ … m`) pass; a line that has colours ends with a reset, so that they end with it; other
/// control characters are shown as `^X`, C1 ones too, so that none moves the cursor, sets the title or answers in the
/// user's name; a carriage return at the line's end is left out; what is no UTF-8 becomes U+FFFD.
enum TerminalText {
  private static let escape: UInt8 = 0x1B

  static func append(_ text: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    let text = text.last == 0x0D ? UnsafeRawBufferPointer(rebasing: text.dropLast()) : text
    guard !isPlain(text) else { return output.append(text) }
    var index = 0
    var hasColour = false
    while index < text.count {
      let colour = colourByteCount(text, at: index)
      if colour > 0 {
        hasColour = true
        output.append(UnsafeRawBufferPointer(rebasing: text[index..<index + colour]))
        index += colour
      } else {
        index += appendCharacter(text, at: index, to: &output)
      }
    }
    if hasColour { output.append("\u{1B}[0m" as StaticString) }
  }

  /// Of text that goes on: without what has come of a colour, of a character or of a line's end, and is not whole.
  static func completePart(of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = text.count
    if let start = text.lastIndex(of: escape), colourByteCount(text, at: start) == 0, text.count - start < 32 {
      end = start
    } else {
      // A character has four bytes at most, of which the first says how many.
      let start = text.suffix(3).lastIndex { $0 >= 0xC0 }
      if let start, start + (text[start] >= 0xF0 ? 4 : text[start] >= 0xE0 ? 3 : 2) > text.count { end = start }
    }
    if end > 0, text[end - 1] == 0x0D { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: text[..<end])
  }

  /// Whether all is printable ASCII.
  private static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
    var others: UInt8 = 0
    for byte in text { others |= (byte &- 0x20) < 0x5F ? 0 : 1 }
    return others == 0
  }

  /// Returns how many bytes it was of.
  private static func appendCharacter(
    _ text: UnsafeRawBufferPointer, at index: Int, to output: inout ByteBuffer
  ) -> Int {
    let byte = text[index]
    if byte == 0x09 || (byte &- 0x20) < 0x5F {
      output.append(byte)
      return 1
    }
    if byte < 0x80 {
      output.append(UInt8(ascii: "^"))
      output.append(byte ^ 0x40)
      return 1
    }
    let sequence = UTF8Sequence(text, at: index)
    if !sequence.isValid {
      output.append("\u{FFFD}" as StaticString)
    } else if byte == 0xC2, text[index + 1] < 0xA0 {
      output.append("^[" as StaticString)
      output.append(text[index + 1] &- 0x40)
    } else {
      output.append(UnsafeRawBufferPointer(rebasing: text[index..<index + sequence.byteCount]))
    }
    return sequence.byteCount
  }

  /// Of the SGR sequence at `index`; 0 if there is none.
  private static func colourByteCount(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
    guard text[index] == escape, index + 1 < text.count, text[index + 1] == UInt8(ascii: "[") else { return 0 }
    var end = index + 2
    // Digits, colons and semicolons are the bytes from 0x30 to 0x3B.
    while end < text.count, (0x30...0x3B).contains(text[end]) { end += 1 }
    return end < text.count && text[end] == UInt8(ascii: "m") ? end + 1 - index : 0
  }
}
