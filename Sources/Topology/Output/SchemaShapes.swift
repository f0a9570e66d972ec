internal import Limits

/// Shapes of values as JSON schemas.
struct SchemaShapes {
  let signatures: [KindSignature]

  private static let namePattern = "^[A-Za-z][A-Za-z0-9_-]*$"
  /// Wherever a value of another type is due, a variable may stand.
  private static let variable = JSONValue.object([("type", .string("string")), ("pattern", .string(#"\$\{"#))])
  private static let text = JSONValue.object([("type", types("string", "number", "boolean"))])
  private static let durationPattern = #"^([0-9]*\.?[0-9]+(ns|us|µs|ms|s|m|h))+$|^0$|\$\{"#
  private static let sizePattern = #"^[0-9]*\.?[0-9]+ ?([kKmMgGtT][iI]?)?[bB]?$|\$\{"#

  func schema(of shape: ValueShape) -> JSONValue {
    switch shape {
    case .boolean: Self.anyOf([Self.type("boolean"), Self.variable])
    case .integer(let range): Self.integer(range.lowerBound, range.upperBound)
    case .duration: Self.duration
    case .size(let range): Self.size(range)
    case .word(let words): Self.anyOf([.object([("enum", .array(words.map { .string($0) }))]), Self.variable])
    case .pattern(let pattern):
      .object([("type", Self.types("string", "number")), ("pattern", .string(pattern + #"|\$\{"#))])
    case .text: Self.text
    case .name:
      .object([
        ("type", .string("string")), ("pattern", .string(Self.namePattern + #"|\$\{"#)),
        ("maxLength", .number("\(Limit.nameLength)")),
      ])
    case .reference: Self.type("string")
    case .kind: kinds
    case .any: .object([])
    case .list(let element): .object([("type", .string("array")), ("items", schema(of: element))])
    case .map(let value): .object([("type", .string("object")), ("additionalProperties", schema(of: value))])
    case .object(let keys): object(keys)
    case .oneOf(let shapes): Self.anyOf(shapes.map(schema))
    case .nothing: Self.type("null")
    }
  }

  func property(_ entry: KeyEntry) -> JSONValue {
    guard case .object(var entries) = schema(of: entry.shape) else { return .bool(true) }
    entries.append(("description", .string(entry.summary)))
    if let text = entry.defaultText {
      entries.append(("default", JSONValue(Node.Scalar(text: text, isQuoted: false).literal ?? .string(text))))
    }
    return .object(entries)
  }

  private func object(_ keys: [KeyEntryWithName]) -> JSONValue {
    let required = keys.filter(\.entry.isRequired).map { JSONValue.string($0.name) }
    var entries: [(key: String, value: JSONValue)] = [
      ("type", .string("object")),
      ("properties", .object(keys.map { ($0.name, property($0.entry)) })),
      ("additionalProperties", .bool(false)),
    ]
    if !required.isEmpty { entries.append(("required", .array(required))) }
    return .object(entries)
  }

  private var kinds: JSONValue {
    let known = signatures.map { signature in
      JSONValue.object([("const", .string(signature.name)), ("description", .string(signature.summary))])
    }
    return Self.anyOf(known + [Self.variable])
  }

  // MARK: Parameters of kinds

  static func schema(of type: KindSignature.ParameterType) -> JSONValue {
    switch type {
    case .bool: anyOf([Self.type("boolean"), variable])
    case .int(let range): integer(Int(range.lowerBound), Int(range.upperBound))
    case .float(let range):
      anyOf([bounded("number", "\(range.lowerBound)", "\(range.upperBound)"), numberText])
    case .number: anyOf([Self.type("number"), numberText])
    case .string, .outputPath: text
    case .word(let words): anyOf([.object([("enum", .array(words.map { .string($0) }))]), variable])
    case .duration: duration
    case .countOrDuration: anyOf([integer(0, .max), duration])
    case .size: size(0...Int.max)
    case .signal: .object([("type", types("string", "integer"))])
    case .inputPaths:
      anyOf([text, .object([("type", .string("array")), ("items", text), ("minItems", .number("1"))])])
    case .list: Self.type("array")
    case .any: .object([])
    }
  }

  private static let numberText = JSONValue.object(
    [("type", .string("string")), ("pattern", .string(#"^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$|\$\{"#))])

  private static func type(_ name: String) -> JSONValue { .object([("type", .string(name))]) }

  private static func types(_ names: String...) -> JSONValue { .array(names.map { .string($0) }) }

  private static func anyOf(_ schemas: [JSONValue]) -> JSONValue { .object([("anyOf", .array(schemas))]) }

  /// Without bounds that every number keeps.
  private static func integer(_ lowest: Int, _ highest: Int) -> JSONValue {
    let lower = lowest == .min ? nil : "\(lowest)"
    let upper = highest == .max ? nil : "\(highest)"
    return anyOf([bounded("integer", lower, upper), numberText])
  }

  private static func bounded(_ type: String, _ lower: String?, _ upper: String?) -> JSONValue {
    var entries: [(key: String, value: JSONValue)] = [("type", .string(type))]
    if let lower { entries.append(("minimum", .number(lower))) }
    if let upper { entries.append(("maximum", .number(upper))) }
    return .object(entries)
  }

  private static let duration = anyOf([
    .object([("type", .string("string")), ("pattern", .string(durationPattern))]), .object([("const", .number("0"))]),
  ])

  private static func size(_ range: ClosedRange<Int>) -> JSONValue {
    anyOf([
      bounded("integer", "\(range.lowerBound)", range.upperBound == .max ? nil : "\(range.upperBound)"),
      .object([("type", .string("string")), ("pattern", .string(sizePattern))]),
    ])
  }
}
