package import Topology

extension Item {
  /// Lists and maps within one another.
  static let maximumDepth = 100

  /// A string where `text` is valid UTF-8, else bytes: either comes back as it was.
  init(text: UnsafeRawBufferPointer) {
    if let string = String(validating: text, as: UTF8.self) {
      self = .string(string)
    } else {
      self = .bytes([UInt8](text))
    }
  }

  /// What a record of a queue or pipe of `type` holds.
  package init(record: UnsafeRawBufferPointer, type: ItemType) throws(ItemError) {
    switch type {
    case .any: self = try CBORDecoder.decode(record)
    case .string: self = Item(text: record)
    case .bytes: self = .bytes([UInt8](record))
    case .number(let element):
      guard record.count == element.byteCount else {
        throw ItemError("a \(element.rawValue) has \(element.byteCount) bytes, this record \(record.count)")
      }
      let view = ItemView(record, type)
      if element == .bool {
        self = .bool(record[0] != 0)
      } else if let value = view.int {
        self = .int(value)
      } else if let value = view.unsigned {
        self = .unsigned(value)
      } else {
        self = .float(view.double ?? .nan)
      }
    }
  }
}
