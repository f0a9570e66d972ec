import Workers

/// Items as JSON and as CBOR: what was read and is written is read again as what it was.
enum ItemTargets {
  static func json(_ bytes: UnsafeRawBufferPointer) {
    guard let item = try? JSONParser.parse(String(decoding: bytes, as: UTF8.self)) else { return }
    let text = item.json
    guard let again = try? JSONParser.parse(text) else { fatalError("what is written is no JSON: \(text)") }
    expect(again.json == text, "'\(text)' is read as '\(again.json)'")
    roundTrip(item)
  }

  static func cbor(_ bytes: UnsafeRawBufferPointer) {
    guard let item = try? CBORDecoder.decode(bytes) else { return }
    _ = (item.json, item.display)
    roundTrip(item)
  }

  private static func roundTrip(_ item: Item) {
    let bytes = encoded(item)
    guard let again = try? bytes.withUnsafeBytes({ try CBORDecoder.decode($0) }) else {
      fatalError("what is written is no CBOR: \(bytes)")
    }
    expect(encoded(again) == bytes, "\(bytes) is read as \(encoded(again))")
  }

  private static func encoded(_ item: Item) -> [UInt8] {
    var bytes: [UInt8] = []
    CBOREncoder.append(item, to: &bytes)
    return bytes
  }
}
