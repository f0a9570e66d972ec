internal import Glibc
internal import Topology

/// Items as lines of a command's standard input.
struct LineEncoder {
  let type: ItemType
  let format: CommandFormat

  /// Appends an item and a newline.
  func append(_ record: UnsafeRawBufferPointer, to lines: inout [UInt8]) throws {
    let view = ItemView(record, type)
    if format == .lines, let text = view.text {
      if let base = text.baseAddress, memchr(base, 0x0A, text.count) != nil { throw newlineWithin(text) }
      lines.append(contentsOf: text)
    } else if let int = view.int {
      lines.append(contentsOf: String(int).utf8)
    } else if type == .number(.uint64) {
      // One above 2^63-1, which is no `Item`.
      try view.appendDisplay(to: &lines)
    } else {
      lines.append(contentsOf: try Item(record: record, type: type).json.utf8)
    }
    lines.append(0x0A)
  }

  private func newlineWithin(_ text: UnsafeRawBufferPointer) -> CommandFailure {
    CommandFailure(
      message: "its command takes one line an item, and the item \(LineDecoder.excerpt(text)) holds a newline",
      help: "give each item as JSON, by 'with: {format: json}', or split the items before")
  }
}

/// `with: {format: …}` of a command.
enum CommandFormat: String {
  /// A string as it is, anything else as JSON; each line a string, or a number where numbers are wanted.
  case lines
  case json
}
