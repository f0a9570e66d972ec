internal import Topology

/// Items as lines of a command's standard input.
struct LineEncoder {
  let type: ItemType
  let format: CommandFormat

  /// Appends an item and a newline.
  func append(_ record: UnsafeRawBufferPointer, to lines: inout [UInt8]) throws {
    do {
      try ItemLine.append(record, of: type, asJSON: format == .json, to: &lines)
    } catch let newline as ItemLine.NewlineWithin {
      throw CommandFailure(
        message: "its command takes one line an item, and the item \(newline.text) holds a newline",
        help: "give each item as JSON, by 'with: {format: json}', or split the items before")
    } catch let problem as ItemError {
      throw CommandFailure(
        message: "its command takes JSON, and an item is none: \(problem)",
        help: "convert or leave out such items before")
    }
    lines.append(0x0A)
  }
}

/// `with: {format: …}` of a command.
enum CommandFormat: String {
  /// A string as it is, anything else as JSON; each line a string, or a number where numbers are wanted.
  case lines
  case json
}
