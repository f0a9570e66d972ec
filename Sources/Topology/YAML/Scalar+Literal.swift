extension Node.Scalar {
  /// Its value by the YAML 1.2 core schema; quoted or block: a string. `nil` only for a number that no type holds: an
  /// integer outside `Int64.min ... UInt64.max` (taken as a float it would silently lose digits) or a float that
  /// would round to infinity.
  package var literal: Literal? {
    if isQuoted { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    // Most scalars are words: their first byte says it.
    switch text.utf8.first ?? 0 {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return looksLikeNumber ? number : .string(text)
    default: return .string(text)
    }
  }

  /// `.int` or `.unsigned`, of a plain and of a quoted scalar; `nil`: not an integer, or out of range.
  package var integer: Literal? {
    guard let digits = IntegerText(text) else { return nil }
    return digits.literal
  }

  /// `.int`, `.unsigned` or `.float`, of a plain and of a quoted scalar; `nil`: not a number, or out of range.
  package var number: Literal? {
    if let digits = IntegerText(text) { return digits.literal }
    return FloatText(text)?.literal
  }

  /// Its text has a number's form, whatever its quotes and range.
  package var looksLikeNumber: Bool { IntegerText(text) != nil || FloatText(text) != nil }

  /// `nil`: neither `true` nor `false` (of the core schema); of a plain scalar only.
  package var bool: Bool? {
    if !isQuoted, case .bool(let value) = literal { value } else { nil }
  }

  /// It stands for nothing: empty, `~` or `null`, not quoted.
  package var isNull: Bool { literal == .null }
}

extension Literal {
  /// The value of a whole tree, keys in order. A number that no type holds is reported and taken as null.
  package init(_ node: Node, reporting diagnostics: inout [Diagnostic]) {
    switch node.content {
    case .scalar(let scalar):
      if let literal = scalar.literal {
        self = literal
      } else {
        if !scalar.isInvalid { diagnostics.append(.numberOutOfRange(scalar.text, at: node.place)) }
        self = .null
      }
    case .sequence(let elements):
      self = .list(elements.map { Literal($0, reporting: &diagnostics) })
    case .mapping(let entries):
      self = .map(entries.map { ($0.key, Literal($0.value, reporting: &diagnostics)) })
    }
  }
}

extension Diagnostic {
  package static func numberOutOfRange(_ text: String, at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "\(text) is out of the range of every number type",
      help: "integers go from \(Int64.min) to \(UInt64.max), floats to 1.8e308; quote it to make it a string")
  }
}

/// An integer's form in the core schema: `[-+]?[0-9]+`, `0o[0-7]+`, `0x[0-9a-fA-F]+`.
struct IntegerText {
  private var isNegative: Bool
  private var digits: Substring
  private var radix: Int

  init?(_ text: String) {
    isNegative = text.hasPrefix("-")
    if text.hasPrefix("0o") {
      (digits, radix) = (text.dropFirst(2), 8)
    } else if text.hasPrefix("0x") {
      (digits, radix) = (text.dropFirst(2), 16)
    } else {
      (digits, radix) = (isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...], 10)
    }
    let radix = radix
    guard !digits.isEmpty, digits.utf8.allSatisfy({ digit(of: $0) < radix }) else { return nil }
  }

  /// `nil`: below `Int64.min` or above `UInt64.max`.
  var literal: Literal? {
    if let value = Int64(isNegative ? "-" + digits : digits, radix: radix) { return .int(value) }
    guard !isNegative, let value = UInt64(digits, radix: radix) else { return nil }
    return .unsigned(value)
  }
}

/// A float's form in the core schema: digits with a point or an exponent, `.inf`, `.nan`.
struct FloatText {
  private var value: Double
  private var isFiniteText: Bool

  init?(_ text: String) {
    let magnitude = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    switch magnitude {
    case ".inf", ".Inf", ".INF": (value, isFiniteText) = (.infinity, false)
    case ".nan", ".NaN", ".NAN":
      guard magnitude.startIndex == text.startIndex else { return nil }
      (value, isFiniteText) = (.nan, false)
    default:
      guard Self.isDecimal(magnitude.utf8), let parsed = Double(magnitude) else { return nil }
      (value, isFiniteText) = (parsed, true)
    }
    if text.hasPrefix("-") { value.negate() }
  }

  /// `nil`: rounds to infinity.
  var literal: Literal? { isFiniteText && value.isInfinite ? nil : .float(value) }

  /// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
  private static func isDecimal(_ text: Substring.UTF8View) -> Bool {
    let whole = text.prefix { digit(of: $0) < 10 }
    var rest = text[whole.endIndex...]
    var fractionCount = 0
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { digit(of: $0) < 10 }
      fractionCount = fraction.count
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty || fractionCount > 0 else { return false }
    guard let letter = rest.first else { return true }
    guard letter | 0x20 == UInt8(ascii: "e") else { return false }
    rest = rest.dropFirst()
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy { digit(of: $0) < 10 }
  }
}

/// The value of an ASCII digit or letter in a radix up to 16; `Int.max` of anything else.
private func digit(of byte: UInt8) -> Int {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
  default: Int.max
  }
}

extension Int128 {
  /// The number that a decimal text is, digit for digit: `12`, `-3.0`, `1e19`; `nil`: it has a fraction, is larger than any
  /// number here, or is no such text.
  package init?(exactly text: some StringProtocol) {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = rest.prefix { digit(of: $0) < 10 }
    rest = rest.dropFirst(whole.count)
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix { digit(of: $0) < 10 }
      rest = rest.dropFirst(1 + fraction.count)
    }
    var exponent = 0
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      guard let value = Int(String(decoding: rest.dropFirst(), as: UTF8.self)) else { return nil }
      (exponent, rest) = (value, rest.suffix(0))
    }
    guard rest.isEmpty, whole.count + fraction.count > 0, abs(exponent) < 1000 else { return nil }
    // As digits before the point: zeros at both ends are worth nothing.
    var digits = Array((whole + fraction).drop { $0 == UInt8(ascii: "0") })
    var zeros = exponent - fraction.count
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      zeros += 1
    }
    guard !digits.isEmpty else {
      self = 0
      return
    }
    guard zeros >= 0, digits.count + zeros <= 38 else { return nil }
    digits += repeatElement(UInt8(ascii: "0"), count: zeros)
    let magnitude = digits.reduce(Int128(0)) { $0 * 10 + Int128(digit(of: $1)) }
    self = isNegative ? -magnitude : magnitude
  }
}
