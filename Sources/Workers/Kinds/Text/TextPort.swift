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
      throw KindFailure("\(kind) reads text, but got \(ItemView(record, type).excerpt)")
    }
    return text
  }
}

extension Outlet {
  /// Passes on a record that an inlet of type `type` lent.
  func forward(_ record: UnsafeRawBufferPointer, from type: ItemType) throws {
    if type == self.type {
      try append(record: record)
    } else if let text = ItemView(record, type).text, !ItemView(record, type).isBytes {
      try append(text)
    } else {
      try append(Item(record: record, type: type))
    }
  }
}
