/// Bytes as a JSON string (RFC 8259), in quotes; what is no UTF-8 becomes U+FFFD.
///
/// Written here and not by Foundation's encoder since logs come by the million.
enum JSONText {
  static func append(_ text: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    output.append(UInt8(ascii: "\""))
    var plainStart = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        index += 1
        continue
      }
      let sequence = UTF8Sequence(text, at: index)
      if byte >= 0x80, sequence.isValid {
        index += sequence.byteCount
        continue
      }
      output.append(UnsafeRawBufferPointer(rebasing: text[plainStart..<index]))
      if byte < 0x80 { appendEscape(of: byte, to: &output) } else { output.append("\u{FFFD}" as StaticString) }
      index += sequence.byteCount
      plainStart = index
    }
    output.append(UnsafeRawBufferPointer(rebasing: text[plainStart...]))
    output.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(of byte: UInt8, to output: inout ByteBuffer) {
    switch byte {
    case UInt8(ascii: "\""): output.append(#"\""# as StaticString)
    case UInt8(ascii: "\\"): output.append(#"\\"# as StaticString)
    case 0x09: output.append(#"\t"# as StaticString)
    case 0x0A: output.append(#"\n"# as StaticString)
    case 0x0D: output.append(#"\r"# as StaticString)
    default:
      output.append(#"\u00"# as StaticString)
      for digit in [byte >> 4, byte & 0xF] { output.append(digit < 10 ? 0x30 + digit : 0x61 - 10 + digit) }
    }
  }
}
