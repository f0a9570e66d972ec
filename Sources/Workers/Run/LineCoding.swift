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

/// Lines of a command's standard output as items.
struct LineDecoder {
  let format: CommandFormat
  private let outlet: Outlet
  /// Text goes into every bound resource as it is.
  let takesTextAsItIs: Bool

  init(format: CommandFormat, outlet: Outlet) {
    self.format = format
    self.outlet = outlet
    takesTextAsItIs =
      format == .lines
      && outlet.lanes.allSatisfy { lane in if case .number = lane.type { false } else { true } }
  }

  /// The longest line that may hold an item: in JSON an escape has six bytes for one, and a number has more digits than
  /// bytes.
  var lineByteLimit: Int {
    switch format {
    // Room for the reason of a rejection.
    case .json: max(6 * outlet.itemByteLimit + 2, 4096)
    case .lines: takesTextAsItIs ? outlet.itemByteLimit : max(outlet.itemByteLimit, 400)
    }
  }

  /// An answer that says that its item is to be given up: `{"mporch": "reject", "reason": "…"}`.
  struct Rejection {
    private(set) var reason: String?

    init?(_ answer: Item) {
      guard case .map(let entries) = answer else { return nil }
      var rejects = false
      for entry in entries {
        guard case .string(let text) = entry.value else { return nil }
        switch entry.key {
        case "mporch" where text == "reject": rejects = true
        case "reason": reason = text
        default: return nil
        }
      }
      if !rejects { return nil }
    }
  }

  /// Puts the item of one line, given without its newline; or gives why there is none, if it `mayReject`.
  func append(_ line: UnsafeRawBufferPointer, mayReject: Bool) throws -> Rejection? {
    do {
      if takesTextAsItIs {
        try outlet.append(line)
      } else if format == .json {
        let answer = try JSONParser.parse(line)
        if mayReject, let rejection = Rejection(answer) { return rejection }
        try outlet.append(answer)
      } else {
        let text = try text(line).trimmed
        try outlet.append { lane in try put(text, of: line, into: lane) }
      }
      return nil
    } catch let end as ReadersEnded {
      throw end
    } catch {
      throw CommandFailure(
        message: "its command printed the line \(Self.excerpt(line)), which is no item: \(error)", help: help)
    }
  }

  private var help: String {
    format == .json
      ? "with 'format: json' each line of its standard output is one JSON value; let it print anything else to its "
        + "standard error"
      : "each line of its standard output is one item of the type that its queue holds; let it print"
        + " anything else to its standard error"
  }

  /// As the number that is wanted, else as it is.
  private func put(_ text: Substring, of line: UnsafeRawBufferPointer, into lane: Outlet.Lane) throws {
    guard case .number(let element) = lane.type else { return try lane.put(line) }
    if element == .bool, let value = Bool(String(text)) { return try lane.put(Item.bool(value)) }
    if let value = Int64(text) { return try lane.put(value) }
    if element.isInteger {
      // By way of a float, digits would be lost.
      if let whole = Int128(exactly: text) {
        if let value = Int64(exactly: whole) { return try lane.put(value) }
        if let value = UInt64(exactly: whole) { return try lane.put(value) }
      }
    } else if let value = Double(text), value.isFinite || !text.utf8.contains(where: { 0x30...0x39 ~= $0 }) {
      return try lane.put(value)
    }
    throw KindFailure("'\(lane.resourceName)' holds \(lane.type.name) items")
  }

  private func text(_ line: UnsafeRawBufferPointer) throws -> String {
    guard let text = String(validating: line, as: UTF8.self) else { throw KindFailure("it is not UTF-8") }
    return text
  }

  /// In an error's words.
  static func excerpt(_ line: UnsafeRawBufferPointer) -> String {
    String(decoding: line.prefix(60), as: UTF8.self).debugDescription + (line.count > 60 ? "…" : "")
  }
}

extension String {
  /// Without white space of ASCII at its ends.
  fileprivate var trimmed: Substring {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
      return ""
    }
    return self[start...end]
  }
}
