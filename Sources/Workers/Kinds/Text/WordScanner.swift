/// Finds the words of a text, 16 bytes at a time.
enum WordScanner {
  enum Separator {
    /// ASCII's: space, tab, line feed, vertical tab, form feed, carriage return.
    case whiteSpace
    /// All but ASCII's letters.
    case nonLetters
  }

  /// Calls `body` with the start and length of each word.
  @inline(__always)
  static func forEachWord(
    in text: UnsafeRawBufferPointer, separatedBy separator: Separator,
    _ body: (UnsafeRawPointer, Int) throws -> Void
  ) rethrows {
    guard let base = text.baseAddress else { return }
    var wordStart = 0
    var offset = 0
    while offset < text.count {
      let separators = marks(load16(base + offset, text.count - offset), separator)
      for half in 0..<2 {
        // One bit in each byte that separates, at its top.
        var marks = separators[half] & 0x8080_8080_8080_8080
        let halfOffset = offset + half * 8
        let left = text.count - halfOffset
        if left < 8 {
          guard left > 0 else { break }
          // What was read past the end counts for nothing.
          marks &= (1 << UInt64(left * 8)) - 1
        }
        while marks != 0 {
          let end = halfOffset + marks.trailingZeroBitCount >> 3
          if end > wordStart { try body(base + wordStart, end - wordStart) }
          wordStart = end + 1
          marks &= marks - 1
        }
      }
      offset += 16
    }
    if text.count > wordStart { try body(base + wordStart, text.count - wordStart) }
  }

  /// 0xFF for each byte that separates.
  @inline(__always)
  private static func marks(_ bytes: SIMD16<UInt8>, _ separator: Separator) -> SIMD2<UInt64> {
    let mask: SIMDMask<SIMD16<Int8>>
    switch separator {
    case .whiteSpace:
      mask = bytes .== SIMD16(repeating: 0x20) .| (bytes &- SIMD16(repeating: 9)) .< SIMD16(repeating: 5)
    case .nonLetters:
      mask = ((bytes | SIMD16(repeating: 0x20)) &- SIMD16(repeating: 0x61)) .>= SIMD16(repeating: 26)
    }
    return unsafeBitCast(SIMD16<UInt8>().replacing(with: 0xFF, where: mask), to: SIMD2<UInt64>.self)
  }

  /// As `WordTable` does: reads past the end within a page of memory only.
  @inline(__always)
  private static func load16(_ start: UnsafeRawPointer, _ byteCount: Int) -> SIMD16<UInt8> {
    if byteCount >= 16 || UInt(bitPattern: start) & 4095 <= 4080 {
      return start.loadUnaligned(as: SIMD16<UInt8>.self)
    }
    var bytes = SIMD16<UInt8>()
    withUnsafeMutableBytes(of: &bytes) { $0.baseAddress!.copyMemory(from: start, byteCount: byteCount) }
    return bytes
  }
}
