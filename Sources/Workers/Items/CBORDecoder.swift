internal import Topology

/// Reads one item of CBOR; what it reads may be garbage, and never makes it read outside, trap or recurse without end.
///
/// Refused, since nothing here writes them: indefinite lengths, tags, keys that are no text, integers below `Int64.min`,
/// undefined simple values. Of a key that comes twice the last value counts.
package struct CBORDecoder {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The item that `bytes` hold, wholly.
  package static func decode(_ bytes: UnsafeRawBufferPointer) throws(ItemError) -> Item {
    var decoder = CBORDecoder(bytes)
    let item = try decoder.item(depth: 0)
    guard decoder.offset == bytes.count else { throw decoder.error("\(bytes.count - decoder.offset) bytes too many") }
    return item
  }

  private mutating func item(depth: Int) throws(ItemError) -> Item {
    let head = try head()
    switch head.major {
    case .unsigned: return Item(head.argument)
    case .negative:
      guard let value = head.int else { throw error("an integer below -2^63") }
      return .int(value)
    case .bytes: return .bytes([UInt8](try take(head.argument)))
    case .text: return Item(text: try take(head.argument))
    case .array, .map:
      guard depth < Item.maximumDepth else { throw error("nested more than \(Item.maximumDepth) deep") }
      return head.major == .array
        ? try list(count: head.argument, depth: depth) : try map(count: head.argument, depth: depth)
    case .tag: throw error("a tag, which items don't have")
    case .simple: return try simple(head)
    }
  }

  private mutating func list(count: UInt64, depth: Int) throws(ItemError) -> Item {
    var values: [Item] = []
    values.reserveCapacity(try bounded(count))
    for _ in 0..<count { values.append(try item(depth: depth + 1)) }
    return .list(values)
  }

  private mutating func map(count: UInt64, depth: Int) throws(ItemError) -> Item {
    var entries: [Item.Entry] = []
    entries.reserveCapacity(try bounded(count))
    var indices: [ByteString: Int] = [:]
    for _ in 0..<count {
      let head = try head()
      guard head.major == .text || head.major == .bytes else { throw error("a key that is no text") }
      let key = ByteString(bytes: try take(head.argument))
      let value = try item(depth: depth + 1)
      if let index = indices[key] {
        entries[index].value = value
      } else {
        indices[key] = entries.count
        entries.append(Item.Entry(key: key, value))
      }
    }
    return .map(entries)
  }

  private func simple(_ head: CBORHead) throws(ItemError) -> Item {
    if let value = head.float { return .float(value) }
    switch head.information {
    case 20: return .bool(false)
    case 21: return .bool(true)
    case 22, 23: return .null
    default: throw error("an unknown simple value")
    }
  }

  private mutating func head() throws(ItemError) -> CBORHead {
    guard let head = CBORHead(bytes, at: offset) else { throw error("no complete item") }
    offset += head.byteCount
    return head
  }

  private mutating func take(_ count: UInt64) throws(ItemError) -> UnsafeRawBufferPointer {
    let count = try bounded(count)
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// Every element has a byte at least: a count that is larger than what is left is garbage, not a reason to allocate.
  private func bounded(_ count: UInt64) throws(ItemError) -> Int {
    guard count <= UInt64(bytes.count - offset) else { throw error("\(count) announced, \(bytes.count - offset) left") }
    return Int(count)
  }

  private func error(_ what: String) -> ItemError { ItemError("not an item in CBOR: \(what) at byte \(offset)") }
}
