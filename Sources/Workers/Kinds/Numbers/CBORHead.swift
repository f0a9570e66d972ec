/// The head of a CBOR item (RFC 8949 §3) of definite length: what kind of item it is, and its argument.
struct CBORHead {
  /// 0 unsigned, 1 negative, 2 bytes, 3 text, 4 array, 5 map, 6 tag, 7 simple or float.
  let major: UInt8
  /// The low five bits of the first byte.
  let info: UInt8
  let argument: UInt64
  let byteCount: Int

  /// `nil` where the bytes end too early, or the length is indefinite or reserved.
  init?(_ record: UnsafeRawBufferPointer) {
    guard let first = record.first else { return nil }
    major = first >> 5
    info = first & 0x1f
    guard info >= 24 else {
      argument = UInt64(info)
      byteCount = 1
      return
    }
    guard info < 28 else { return nil }
    byteCount = 1 + 1 << (info - 24)
    guard record.count >= byteCount else { return nil }
    argument = record[1..<byteCount].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The bytes of a text or byte string; `nil` for other items, or where they are cut short.
  func string(in record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard major == 2 || major == 3, let length = Int(exactly: argument), length <= record.count - byteCount else {
      return nil
    }
    return UnsafeRawBufferPointer(rebasing: record[byteCount..<byteCount + length])
  }

  /// For messages: what the item is, with the beginning of a text.
  func noun(in record: UnsafeRawBufferPointer) -> String {
    switch (major, argument) {
    case (2, _): "bytes"
    case (3, _):
      if let text = string(in: record) {
        "the string '\(String(decoding: text.prefix(40), as: UTF8.self))\(text.count > 40 ? "…" : "")'"
      } else {
        "a string"
      }
    case (4, _): "a list"
    case (5, _): "a map"
    case (7, 20): "the boolean false"
    case (7, 21): "the boolean true"
    case (7, 22): "null"
    default: "a CBOR item of major type \(major)"
    }
  }
}
