internal import Limits

/// The JSON schema of topology files, for editors: of the same tables and signatures that the decoder reads.
package struct TopologySchema {
  private let signatures: [KindSignature]

  /// Draft 2020-12; ends in a line break.
  package static func text(signatures: [KindSignature]) -> String {
    TopologySchema(signatures: signatures).schema.rendered() + "\n"
  }

  private var schema: JSONValue {
    let keys = TopLevelKey.allCases.map { KeyEntryWithName(name: $0.rawValue, entry: $0.entry) }
    return .object(
      [
        ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        ("title", .string("mporch topology")),
        ("type", .string("object")),
        ("properties", .object(keys.map { ($0.name, $0.name == "processes" ? processes : property($0.entry)) })),
        ("patternProperties", .object([("^x-", .object([]))])),
        ("required", .array([.string("processes")])),
        ("additionalProperties", .bool(false)),
      ])
  }

  // MARK: Processes

  private var processes: JSONValue {
    .object(
      [
        ("description", .string(TopLevelKey.processes.entry.summary)),
        ("type", .string("object")),
        ("minProperties", .number("1")),
        ("propertyNames", shape(.name)),
        ("additionalProperties", process),
      ])
  }

  private var process: JSONValue {
    let works = [ProcessKey.task, .script, .run].map { key in
      JSONValue.object([("required", .array([.string(key.rawValue)]))])
    }
    guard case .object(let entries) = shape(.keys(ProcessKey.self)) else { return .bool(true) }
    return .object(entries + [("oneOf", .array(works)), ("allOf", .array(signatures.map(condition)))])
  }

  /// What follows from `task` being a certain kind.
  private func condition(_ signature: KindSignature) -> JSONValue {
    let task = JSONValue.object([("const", .string(signature.name))])
    let test = JSONValue.object(
      [
        ("properties", .object([(ProcessKey.task.rawValue, task)])),
        ("required", .array([.string(ProcessKey.task.rawValue)])),
      ])
    var properties: [(key: String, value: JSONValue)] = [(ProcessKey.with.rawValue, parameters(signature))]
    if signature.uses.isEmpty, !takesPipeEnds(signature) { properties.append((ProcessKey.use.rawValue, .bool(false))) }
    if signature.inputs.isEmpty, !usesPipe(signature) { properties.append((ProcessKey.inputs.rawValue, .bool(false))) }
    if signature.outputs.isEmpty, !usesPipe(signature) {
      properties.append((ProcessKey.outputs.rawValue, .bool(false)))
    }
    var consequence: [(key: String, value: JSONValue)] = [("properties", .object(properties))]
    let isParameterRequired = signature.parameters.contains { $0.isRequired && $0.defaultValue == nil }
    if isParameterRequired { consequence.append(("required", .array([.string(ProcessKey.with.rawValue)]))) }
    return .object([("if", test), ("then", .object(consequence))])
  }

  /// `use: p.a` stands for its input and output at once.
  private func takesPipeEnds(_ signature: KindSignature) -> Bool {
    signature.inputs.count == 1 && signature.outputs.count == 1
  }

  /// `in` and `out` at once stand for the pipe end that it uses.
  private func usesPipe(_ signature: KindSignature) -> Bool { signature.uses.contains { $0.sort == .pipe } }

  private func parameters(_ signature: KindSignature) -> JSONValue {
    let required = signature.parameters.filter { $0.isRequired && $0.defaultValue == nil }.map {
      JSONValue.string($0.name)
    }
    var entries: [(key: String, value: JSONValue)] = [
      ("description", .string(signature.summary)),
      ("type", .string("object")),
      ("properties", .object(signature.parameters.map { ($0.name, parameter($0)) })),
      ("additionalProperties", .bool(false)),
    ]
    if !required.isEmpty { entries.append(("required", .array(required))) }
    return .object(entries)
  }

  private func parameter(_ parameter: KindSignature.Parameter) -> JSONValue {
    guard case .object(var entries) = SchemaShapes.schema(of: parameter.type) else { return .bool(true) }
    entries.append(("description", .string(parameter.summary)))
    if let value = parameter.defaultValue { entries.append(("default", JSONValue(value))) }
    return .object(entries)
  }

  // MARK: Shapes

  private func shape(_ shape: ValueShape) -> JSONValue { SchemaShapes(signatures: signatures).schema(of: shape) }

  private func property(_ entry: KeyEntry) -> JSONValue { SchemaShapes(signatures: signatures).property(entry) }
}

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
