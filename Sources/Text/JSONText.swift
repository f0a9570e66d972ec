/// Strings in JSON (RFC 8259), in quotes; what is no UTF-8 becomes U+FFFD.
///
/// Written here and not by Foundation's encoder since log lines and items come by the million.
package enum JSONText {
  /// `output` gets it in parts, of which what needs no escape is one, where it lies.
  package static func append(_ text: UnsafeRawBufferPointer, to output: (UnsafeRawBufferPointer) -> Void) {
    output(quote.bytes)
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
      if plainStart < index { output(UnsafeRawBufferPointer(rebasing: text[plainStart..<index])) }
      if byte < 0x80 { appendEscape(of: byte, to: output) } else { output(UTF8Sequence.replacement) }
      index += sequence.byteCount
      plainStart = index
    }
    output(UnsafeRawBufferPointer(rebasing: text[plainStart...]))
    output(quote.bytes)
  }

  package static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) { bytes.append(contentsOf: $0) } }
  }

  package static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let quote: StaticString = "\""

  private static func appendEscape(of byte: UInt8, to output: (UnsafeRawBufferPointer) -> Void) {
    switch byte {
    case UInt8(ascii: "\""): output((#"\""# as StaticString).bytes)
    case UInt8(ascii: "\\"): output((#"\\"# as StaticString).bytes)
    case 0x09: output((#"\t"# as StaticString).bytes)
    case 0x0A: output((#"\n"# as StaticString).bytes)
    case 0x0D: output((#"\r"# as StaticString).bytes)
    default:
      output((#"\u00"# as StaticString).bytes)
      withUnsafeBytes(of: (digit(byte >> 4), digit(byte & 0xF))) { output($0) }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 - 10 + value }
}

extension StaticString {
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}
