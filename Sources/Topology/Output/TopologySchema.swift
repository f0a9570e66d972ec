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
