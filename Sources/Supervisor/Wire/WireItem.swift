package import Topology
internal import Workers

/// An item of a queue between a run and a command: nothing of it is lost.
package enum WireItem: Codable, Sendable, Equatable {
  case text(String)
  /// Of no valid text, in base 64.
  case bytes(String)
  /// All else.
  case json(String)
  /// The first bytes of one that is too large to be shown, repaired, and how large it is.
  case excerpt(String, byteCount: Int)

  /// Of a queue's record.
  package init(record: [UInt8], type: ItemType) {
    switch record.withUnsafeBytes({ try? Item(record: $0, type: type) }) {
    case .string(let text)?: self = .text(text)
    case .bytes(let bytes)?: self = .bytes(WireCoding.base64(bytes))
    case let item?: self = .json(item.json)
    case nil: self = .excerpt(String(decoding: record, as: UTF8.self), byteCount: record.count)
    }
  }

  /// As bytes for a program that reads lines: text and bytes as they are, all else as JSON.
  package var plain: [UInt8] {
    switch self {
    case .text(let text), .json(let text): Array(text.utf8)
    case .bytes(let encoded): WireCoding.bytes(base64: encoded)
    case .excerpt(let text, let byteCount): Array("\(text)… (\(byteCount) bytes)".utf8)
    }
  }

  /// On one line, whatever is in it. Bytes are a string, repaired.
  package var json: String {
    switch self {
    case .json(let text): text
    case .text(let text): Item.string(text).json
    case .bytes: Item.bytes(plain).json
    case .excerpt(let text, let byteCount):
      Item.map([.init("excerpt", .string(text)), .init("byteCount", .int(Int64(byteCount)))]).json
    }
  }
}
