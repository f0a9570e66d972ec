/// One item from a text in JSON (RFC 8259), strictly. Of a key given twice the last value counts.
package struct JSONParser {
  private let bytes: [UInt8]
  private var offset = 0

  private init(_ text: String) { bytes = Array(text.utf8) }

  package static func parse(_ text: String) throws(ItemError) -> Item {
    var parser = JSONParser(text)
    let item = try parser.value(depth: 0)
    guard parser.next() == nil else { throw parser.error("something after the value") }
    return item
  }

  private mutating func value(depth: Int) throws(ItemError) -> Item {
    guard depth < Item.maximumDepth else { throw error("nested more than \(Item.maximumDepth) deep") }
    switch next() {
    case UInt8(ascii: "{"): return try map(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case .some(let byte) where Self.isDigit(byte): return try number()
    default: throw error("a value is missing")
    }
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
    var indices: [String: Int] = [:]
    if accept("}") { return .map(entries) }
    repeat {
      guard next() == UInt8(ascii: "\"") else { throw error("a key in quotation marks is missing") }
      let key = try string()
      guard accept(":") else { throw error("':' is missing") }
      let value = try value(depth: depth + 1)
      if let index = indices[key] {
        entries[index].value = value
      } else {
        indices[key] = entries.count
        entries.append(Item.Entry(key, value))
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
    if isInteger, let value = Int64(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else { throw error("a number out of range") }
    return .float(value)
  }

  private mutating func skipDigits() -> Int {
    let start = offset
    while let byte = peek, Self.isDigit(byte) { offset += 1 }
    return offset - start
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func string() throws(ItemError) -> String {
    offset += 1
    var text: [UInt8] = []
    while let byte = peek {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
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
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, accept(exactly: "\\"), accept(exactly: "u") else { throw error("half of a surrogate pair") }
    let second = try codeUnit()
    guard 0xDC00..<0xE000 ~= second,
      let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00))
    else { throw error("half of a surrogate pair") }
    return scalar
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
}
