internal import CPlatform

/// Which of 64 bytes are of a sort, as bits: bit i is byte i's.
enum ByteMarks {
  /// ASCII's: space, tab, line feed, vertical tab, form feed, carriage return.
  @inline(__always)
  static func whiteSpace(at text: UnsafeRawPointer) -> UInt64 {
    bits(at: text) { bytes in
      // Each comparison by itself: within a longer expression the compiler picks a version that goes byte by byte.
      let spaces = bytes .== SIMD16<UInt8>(repeating: 0x20)
      let controls = (bytes &- SIMD16<UInt8>(repeating: 9)) .< SIMD16<UInt8>(repeating: 5)
      return spaces .| controls
    }
  }

  /// All but ASCII's letters.
  @inline(__always)
  static func nonLetters(at text: UnsafeRawPointer) -> UInt64 {
    bits(at: text) { bytes in
      let distances = (bytes | SIMD16<UInt8>(repeating: 0x20)) &- SIMD16<UInt8>(repeating: 0x61)
      return distances .>= SIMD16<UInt8>(repeating: 26)
    }
  }

  @inline(__always)
  private static func bits(
    at text: UnsafeRawPointer, _ isMarked: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>
  ) -> UInt64 {
    @inline(__always)
    func quarter(_ index: Int) -> UInt64 {
      let marks = isMarked(text.loadUnaligned(fromByteOffset: index &* 16, as: SIMD16<UInt8>.self))
      return UInt64(mporch_top_bits(unsafeBitCast(marks, to: SIMD16<Int8>.self)))
    }
    return quarter(0) | quarter(1) &<< 16 | quarter(2) &<< 32 | quarter(3) &<< 48
  }
}
