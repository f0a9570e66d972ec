internal import Topology
internal import Workers

/// Items of a queue as `inspect` shows them.
enum ItemWords {
  static let maximumCharacterCount = 200

  /// A payload that is cut, or no item, shows as the bytes that it is.
  static func text(_ payload: [UInt8], of type: ItemType) -> String {
    let item = payload.withUnsafeBytes { try? Item(record: $0, type: type) }
    let text = item?.display ?? String(decoding: payload, as: UTF8.self)
    return text.count > maximumCharacterCount ? text.prefix(maximumCharacterCount) + "…" : text
  }
}
