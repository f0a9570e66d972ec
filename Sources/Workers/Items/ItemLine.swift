internal import Glibc
internal import Topology

/// Items as lines of a text, each item one line.
enum ItemLine {
  /// A text that would be several lines.
  struct NewlineWithin: Error {
    /// In an error's words.
    var text: String
  }

  /// A text as it is, a number plainly, anything else, or all with `asJSON`, in JSON; without a newline behind it.
  static func append(_ record: UnsafeRawBufferPointer, of type: ItemType, asJSON: Bool, to line: inout [UInt8]) throws {
    let view = ItemView(record, type)
    if !asJSON, let text = view.text {
      try check(text)
      line.append(contentsOf: text)
    } else if let number = view.double, number.isFinite || !asJSON {
      try view.appendDisplay(to: &line)
    } else {
      try Item(record: record, type: type).appendJSON(to: &line)
    }
  }

  static func check(_ text: UnsafeRawBufferPointer) throws {
    guard let base = text.baseAddress, memchr(base, 0x0A, text.count) != nil else { return }
    throw NewlineWithin(text: LineDecoder.excerpt(text))
  }
}

extension KindFailure {
  /// Of a kind that makes one line of each item, and can't of this one.
  static func noLine(_ error: any Error, of kind: String) -> any Error {
    switch error {
    case let newline as ItemLine.NewlineWithin:
      KindFailure(
        "\(kind): the item \(newline.text) holds a newline, and each item is one line",
        help: "with 'format: json' each item is a line in JSON; or split the items before")
    case let problem as ItemError: KindFailure("\(kind): \(problem)", help: "convert or leave out such items before")
    default: error
    }
  }
}
