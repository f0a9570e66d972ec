internal import Topology

/// One item from a text in JSON (RFC 8259), strictly. Of a key given twice the last value counts.
///
/// A value that no item holds (an integer beyond 64 bits, a float that would be infinite, half of a surrogate pair, lists
/// and maps too deep) is refused by an error that says so, never changed; whether the rest is JSON is looked at before.
package struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  /// The first value that no item holds.
  private var unfit: ItemError?

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package static func parse(_ text: String) throws(ItemError) -> Item {
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBytes { bytes in Result { () throws(ItemError) in try parse(bytes) } }
    return try result.get()
  }

  package static func parse(_ bytes: UnsafeRawBufferPointer) throws(ItemError) -> Item {
    var parser = JSONParser(bytes)
    let item = try parser.value(depth: 0)
    guard parser.next() == nil else { throw parser.error("something after the value") }
    if let unfit = parser.unfit { throw unfit }
    return item
  }

  private mutating func value(depth: Int) throws(ItemError) -> Item {
    switch next() {
    case UInt8(ascii: "{"): return try nested(depth) { (parser) throws(ItemError) in try parser.map(depth: depth) }
    case UInt8(ascii: "["): return try nested(depth) { (parser) throws(ItemError) in try parser.list(depth: depth) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case .some(let byte) where Self.isDigit(byte): return try number()
    case UInt8(ascii: "N"), UInt8(ascii: "I"): throw error("NaN and infinities are none")
    default: throw error("a value is missing")
    }
  }

  private mutating func nested(
    _ depth: Int, _ body: (inout JSONParser) throws(ItemError) -> Item
  ) throws(ItemError) -> Item {
    if depth < Item.maximumDepth { return try body(&self) }
    // What it holds is not looked at: its depth has no bound.
    throw unfitError("lists and maps nested more than \(Item.maximumDepth) deep")
  }

  private mutating func list(depth: Int) throws(ItemError) -> Item {
    offset += 1
    var values: [Item] = []
    if accept("]") { return .list(values) }
    repeat { values.append(try value(depth: depth + 1)) } while accept(",")
    guard accept("]") else { throw error("',' or ']' is missing") }
    return .list(values)
  }

  private mutating func map(depth: Int) throws(ItemError) -> Item {
    offset += 1
    var entries: [Item.Entry] = []
    var indices: [ByteString: Int] = [:]
    if accept("}") { return .map(entries) }
    repeat {
      guard next() == UInt8(ascii: "\"") else { throw error("a key in quotation marks is missing") }
      let key = ByteString(try string())
      guard accept(":") else { throw error("':' is missing") }
      let value = try value(depth: depth + 1)
      if let index = indices[key] {
        entries[index].value = value
      } else {
        indices[key] = entries.count
        entries.append(Item.Entry(key: key, value))
      }
    } while accept(",")
    guard accept("}") else { throw error("',' or '}' is missing") }
    return .map(entries)
  }

  private mutating func word(_ word: StaticString, _ item: Item) throws(ItemError) -> Item {
    let matches = word.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    guard matches else { throw error("an unknown word") }
    offset += word.utf8CodeUnitCount
    return item
  }

  private mutating func number() throws(ItemError) -> Item {
    let start = offset
    if peek == UInt8(ascii: "-") { offset += 1 }
    let first = peek
    let digitCount = skipDigits()
    guard digitCount == 1 || (digitCount > 1 && first != UInt8(ascii: "0")) else { throw error("not a number") }
    var isInteger = true
    if peek == UInt8(ascii: ".") {
      offset += 1
      isInteger = false
      guard skipDigits() > 0 else { throw error("a digit is missing") }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      isInteger = false
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      guard skipDigits() > 0 else { throw error("a digit is missing") }
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isInteger { return integer(text, at: start) }
    let value = Double(text) ?? .infinity
    if !value.isFinite { note("\(Self.excerpt(text)), which is out of the range of float64", at: start) }
    return .float(value)
  }

  private mutating func integer(_ text: String, at start: Int) -> Item {
    if let value = Int64(text) { return .int(value) }
    if let value = UInt64(text) { return .unsigned(value) }
    note("\(Self.excerpt(text)), an integer beyond 64 bits; as a float it has a point or an exponent", at: start)
    return .null
  }

  private static func excerpt(_ text: String) -> String { text.count > 40 ? text.prefix(40) + "…" : text }

  private mutating func skipDigits() -> Int {
    let start = offset
    while let byte = peek, Self.isDigit(byte) { offset += 1 }
    return offset - start
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func string() throws(ItemError) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while let byte = peek {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          offset = start
          throw error("a string that is no UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<32: throw error("a control character in a string: write it as \\n or \\u000a")
      default: text.append(byte)
      }
    }
    throw error("a string's closing quotation mark is missing")
  }

  private mutating func escape() throws(ItemError) -> Unicode.Scalar {
    let byte = peek
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw error("an unknown escape")
    }
  }

  private mutating func codePoint() throws(ItemError) -> Unicode.Scalar {
    let start = offset - 2
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let behind = offset
    if unit < 0xDC00, accept(exactly: "\\"), accept(exactly: "u") {
      let second = try codeUnit()
      if 0xDC00..<0xE000 ~= second, let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00)) {
        return scalar
      }
    }
    offset = behind
    note("half of a surrogate pair, which is no text", at: start)
    return "\u{FFFD}"
  }

  private mutating func codeUnit() throws(ItemError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits are missing")
      }
      unit = unit << 4 | UInt32(digit)
      offset += 1
    }
    return unit
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// Past white space.
  private mutating func next() -> UInt8? {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    return peek
  }

  private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    _ = next()
    return accept(exactly: scalar)
  }

  private mutating func accept(exactly scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private func error(_ what: String) -> ItemError { ItemError("not JSON: \(what) at byte \(offset + 1)") }

  private mutating func note(_ what: String, at place: Int) {
    if unfit == nil { unfit = ItemError("no item holds \(what) (at byte \(place + 1))", isWellFormed: true) }
  }

  private func unfitError(_ what: String) -> ItemError {
    unfit ?? ItemError("no item holds \(what) (at byte \(offset + 1))", isWellFormed: true)
  }
}
