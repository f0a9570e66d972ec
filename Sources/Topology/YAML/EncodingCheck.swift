/// A topology file is UTF-8; a byte order mark is allowed and has no meaning.
enum EncodingCheck {
  /// `nil`: it is UTF-8.
  static func problem(of source: SourceText) -> Diagnostic? {
    let bytes = source.bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return Diagnostic(
        .error, file: source.file, "the file is UTF-16, and a topology is UTF-8",
        help: "save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8")
    }
    do throws(Unicode.UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      let offset = error.byteOffsets.lowerBound
      let (line, column) = source.position(ofByte: offset)
      let place = Place(file: source.file, line: line, column: column, endColumn: column + 1)
      return Diagnostic(
        .error, at: place, "byte 0x\(hexadecimal(bytes[offset])) is not valid UTF-8",
        help: "save the file as UTF-8, or convert it: iconv -f ISO-8859-1 -t UTF-8")
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
