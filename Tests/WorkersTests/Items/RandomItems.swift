import Topology

@testable import Workers

/// Items at random, the same of the same seed: odd numbers, texts, bytes and keys more often than chance would have it.
struct RandomItems {
  private var generator: Xoshiro256

  init(seed: UInt64) { generator = Xoshiro256(seed: seed, stream: 0) }

  mutating func next(depth: Int = 0) -> Item {
    switch below(depth < 4 ? 10 : 8) {
    case 0: .null
    case 1: .bool(below(2) == 0)
    case 2, 3: .int(integer())
    case 4: .float(float())
    case 5, 6: text().withUnsafeBytes { Item(text: $0) }
    case 7: .bytes((0..<below(6)).map { _ in UInt8(below(256)) } + [0xFF])
    case 8: .list((0..<below(5)).map { _ in next(depth: depth + 1) })
    default: map(depth)
    }
  }

  /// Keys in order, each once: as a script puts them.
  private mutating func map(_ depth: Int) -> Item {
    var entries: [ByteString: Item] = [:]
    for _ in 0..<below(5) { entries[ByteString(bytes: text())] = next(depth: depth + 1) }
    return .map(
      entries.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.map { Item.Entry(key: $0.key, $0.value) })
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  private mutating func integer() -> Int64 {
    let edges: [Int64] = [0, 23, 24, 255, 256, 65535, 65536, 4_294_967_295, 4_294_967_296, .max, 1 << 53]
    let edge = edges[below(edges.count)]
    switch below(4) {
    case 0: return edge
    case 1: return ~edge
    case 2: return Int64(below(2000)) - 1000
    default: return Int64(bitPattern: UInt64.random(in: 0 ... .max, using: &generator))
    }
  }

  private mutating func float() -> Double {
    let odd = [0.0, -0.0, 1.5, .infinity, -.infinity, 0x1p63, 0x1p64, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    if below(2) == 0 { return odd[below(odd.count)] }
    let value = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &generator))
    // Of a NaN the payload is not the number's.
    return value.isNaN ? 0.1 : value
  }

  /// Some of them equal to Unicode and not byte for byte, some no UTF-8.
  private mutating func text() -> [UInt8] {
    let parts: [[UInt8]] = [
      [], Array("a".utf8), Array("\u{E9}".utf8), Array("e\u{301}".utf8), Array("\u{212A}".utf8), Array("K".utf8),
      Array("\u{1F600}".utf8), [0], [0x0A], [0x22], [0x5C], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xFE],
      Array("\u{7FF}\u{800}\u{FFFF}\u{10000}".utf8),
    ]
    return (0..<below(4)).flatMap { _ in parts[below(parts.count)] }
  }
}
