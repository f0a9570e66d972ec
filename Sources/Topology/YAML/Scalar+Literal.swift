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
