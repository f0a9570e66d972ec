internal import Topology

/// What the kinds that read or write text have in common.
enum TextPort {
  /// `any` too: that an item is text is seen when it comes.
  static let types: [ItemType] = [.string, .bytes, .any]

  /// The text of an item, which `kind` needs.
  @inline(__always)
  static func text(
    of record: UnsafeRawBufferPointer, _ type: ItemType, for kind: String
  ) throws -> UnsafeRawBufferPointer {
    guard let text = ItemView(record, type).text else {
      throw KindFailure(
        "\(kind) reads text, but got \(ItemView(record, type).excerpt)",
        help: "convert or leave out such items before")
    }
    return text
  }
}
