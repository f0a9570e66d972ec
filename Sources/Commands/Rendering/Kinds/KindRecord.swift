import Topology

/// A kind's signature for a program.
struct KindRecord: Encodable {
  var name: String
  var summary: String
  var answers: String
  /// Of a call by a pool: `value` (or null) or `list`; absent: it can't be called.
  var taskResult: String?
  var inputs: [Port]
  var outputs: [Port]
  var uses: [Use]
  var parameters: [Parameter]

  struct Port: Encodable {
    var name: String
    /// Empty: every type.
    var types: [String]
    var typeFollowsInput: String?
    var required: Bool
    var summary: String
  }

  struct Use: Encodable {
    var name: String
    var sort: String
    var elementTypes: [String]
    var required: Bool
    var summary: String
  }

  struct Parameter: Encodable {
    var name: String
    var type: String
    var `default`: LiteralRecord?
    var required: Bool
    var summary: String
  }

  init(_ kind: KindSignature) {
    name = kind.name
    summary = kind.summary
    answers = kind.answers.rawValue
    taskResult = kind.taskResult?.rawValue
    inputs = kind.inputs.map(Port.init)
    outputs = kind.outputs.map(Port.init)
    uses = kind.uses.map {
      Use(
        name: $0.name, sort: $0.sort.rawValue, elementTypes: $0.elementTypes.map(\.rawValue), required: $0.isRequired,
        summary: $0.summary)
    }
    parameters = kind.parameters.map {
      Parameter(
        name: $0.name, type: $0.type.words, default: $0.defaultValue.map(LiteralRecord.init), required: $0.isRequired,
        summary: $0.summary)
    }
  }
}

extension KindRecord.Port {
  fileprivate init(_ port: KindSignature.Port) {
    self.init(
      name: port.name, types: port.types.map(\.name), typeFollowsInput: port.typeFollowsInput,
      required: port.isRequired, summary: port.summary)
  }
}

/// A value of the file as the same value in JSON.
struct LiteralRecord: Encodable {
  var literal: Literal

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch literal {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    // JSON has no infinity and no NaN.
    case .float(let value): if value.isFinite { try container.encode(value) } else { try container.encode("\(value)") }
    case .string(let value): try container.encode(value)
    case .list(let values): try container.encode(values.map(LiteralRecord.init))
    case .map(let entries):
      try container.encode(
        Dictionary(entries.map { ($0.key, LiteralRecord(literal: $0.value)) }, uniquingKeysWith: { $1 }))
    }
  }
}
