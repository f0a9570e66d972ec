/// Text as it may safely go to a terminal: nothing in it moves the cursor, sets the title, changes the direction of
/// reading or answers in the user's name.
package enum TerminalText {
  // MARK: Words that mporch itself writes

  /// What a terminal would not just show becomes an escape: `\n`, `\u{1B}`.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    // Line and paragraph separators; marks, embeddings and isolates of direction.
    case 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  // MARK: Lines that a worker prints

  /// A line that may colour itself, and do nothing else; `output` gets it in parts.
  ///
  /// Tabs and colours (SGR, `ESC [ … m`) pass; a line that has colours ends with a reset, so that they end with it; other
  /// control characters are shown as `^X`, C1 ones too; a carriage return at the line's end is left out; what is no UTF-8
  /// becomes U+FFFD.
  package static func append(_ text: UnsafeRawBufferPointer, to output: (UnsafeRawBufferPointer) -> Void) {
    let text = text.last == 0x0D ? UnsafeRawBufferPointer(rebasing: text.dropLast()) : text
    guard !isPlain(text) else { return output(text) }
    var shownEnd = 0
    var index = 0
    var hasColour = false
    while index < text.count {
      let passing = passingByteCount(text, at: index)
      if passing > 0 {
        if text[index] == escapeByte { hasColour = true }
        index += passing
      } else {
        if shownEnd < index { output(UnsafeRawBufferPointer(rebasing: text[shownEnd..<index])) }
        index += appendReplacement(text, at: index, to: output)
        shownEnd = index
      }
    }
    output(UnsafeRawBufferPointer(rebasing: text[shownEnd...]))
    if hasColour { output(("\u{1B}[0m" as StaticString).bytes) }
  }

  /// Of text that goes on: without what has come of a colour, of a character or of a line's end, and is not whole.
  package static func completePart(of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = text.count
    if let start = text.lastIndex(of: escapeByte), colourByteCount(text, at: start) == 0, text.count - start < 32 {
      end = start
    } else {
      // A character has four bytes at most, of which the first says how many.
      let start = text.suffix(3).lastIndex { $0 >= 0xC0 }
      if let start, start + (text[start] >= 0xF0 ? 4 : text[start] >= 0xE0 ? 3 : 2) > text.count { end = start }
    }
    if end > 0, text[end - 1] == 0x0D { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: text[..<end])
  }

  private static let escapeByte: UInt8 = 0x1B

  /// Whether all is printable ASCII.
  private static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
    var others: UInt8 = 0
    for byte in text { others |= (byte &- 0x20) < 0x5F ? 0 : 1 }
    return others == 0
  }

  /// Of the character or the colour at `index`, if it is shown as it is; else 0.
  private static func passingByteCount(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
    let byte = text[index]
    if byte == 0x09 || (byte &- 0x20) < 0x5F { return 1 }
    if byte < 0x80 { return colourByteCount(text, at: index) }
    let sequence = UTF8Sequence(text, at: index)
    return sequence.isValid && !isC1(text, at: index) ? sequence.byteCount : 0
  }

  /// Returns how many bytes of `text` it is for.
  private static func appendReplacement(
    _ text: UnsafeRawBufferPointer, at index: Int, to output: (UnsafeRawBufferPointer) -> Void
  ) -> Int {
    if text[index] < 0x80 {
      withUnsafeBytes(of: (UInt8(ascii: "^"), text[index] ^ 0x40)) { output($0) }
      return 1
    }
    let sequence = UTF8Sequence(text, at: index)
    if sequence.isValid {
      withUnsafeBytes(of: (UInt8(ascii: "^"), UInt8(ascii: "["), text[index + 1] &- 0x40)) { output($0) }
    } else {
      output(UTF8Sequence.replacement)
    }
    return sequence.byteCount
  }

  /// Whether the character that begins there, if there is one, is of U+0080 to U+009F.
  private static func isC1(_ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
    text[index] == 0xC2 && text[index + 1] < 0xA0
  }

  /// Of the SGR sequence at `index`; 0 if there is none.
  private static func colourByteCount(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
    guard text[index] == escapeByte, index + 1 < text.count, text[index + 1] == UInt8(ascii: "[") else { return 0 }
    var end = index + 2
    // Digits, colons and semicolons are the bytes from 0x30 to 0x3B.
    while end < text.count, (0x30...0x3B).contains(text[end]) { end += 1 }
    return end < text.count && text[end] == UInt8(ascii: "m") ? end + 1 - index : 0
  }
}
