/// Counts of words as CBOR maps of about `byteCount` bytes each, more only where one word is longer.
struct CountParts {
  static let byteCount = 8 << 10

  private var entries: [UInt8] = []
  private var entryCount = 0

  /// Adds a word; hands the part before it to `put` if it is full.
  mutating func append(
    _ word: UnsafeRawBufferPointer, _ count: UInt64, _ put: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    // Heads of the map, the word and its count: 9 bytes each at most.
    if entries.count + word.count + 27 > Self.byteCount { try finish(put) }
    CBOREncoder.append(text: word, to: &entries)
    CBOREncoder.appendHead(.unsigned, count, to: &entries)
    entryCount += 1
  }

  /// Hands over what is left.
  mutating func finish(_ put: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    guard entryCount > 0 else { return }
    var part: [UInt8] = []
    part.reserveCapacity(entries.count + 9)
    CBOREncoder.appendHead(.map, UInt64(entryCount), to: &part)
    part.append(contentsOf: entries)
    try part.withUnsafeBytes(put)
    entries.removeAll(keepingCapacity: true)
    entryCount = 0
  }

  /// The words and counts of one part, in place; `false` where `record` is none.
  static func forEach(
    in record: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, UInt64) throws -> Void
  ) rethrows -> Bool {
    guard let map = CBORHead(record), map.major == .map else { return false }
    var offset = map.byteCount
    for _ in 0..<map.argument {
      guard let key = CBORHead(record, at: offset), key.major == .text || key.major == .bytes,
        key.argument > 0, key.argument < UInt64(min(record.count - offset, Int(UInt32.max)))
      else { return false }
      let start = offset + key.byteCount
      offset = start + Int(key.argument)
      guard let count = CBORHead(record, at: offset), count.major == .unsigned, count.int != nil else { return false }
      offset += count.byteCount
      if count.argument > 0 {
        try body(UnsafeRawBufferPointer(rebasing: record[start..<start + Int(key.argument)]), count.argument)
      }
    }
    return offset == record.count
  }
}
