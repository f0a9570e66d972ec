import FoundationEssentials
import Testing
import Topology

@Suite struct SchemaTests {
  private static let text = TopologySchema.text(signatures: TestCatalogue.signatures)

  private func decoded() throws -> Schema {
    try JSONDecoder().decode(Schema.self, from: Data(Self.text.utf8))
  }

  @Test func declaresItsDraft() throws {
    #expect(try decoded().schema == "https://json-schema.org/draft/2020-12/schema")
  }

  @Test func knowsEveryKeyThatTheDecoderKnows() throws {
    let schema = try decoded()
    let topLevel = ["name", "fail_fast", "logging", "processes", "environment", "env_file"]
    let sections = [
      "values", "arrays", "queues", "pipes", "locks", "rwlocks", "semaphores", "conditions", "events", "barriers",
      "managed",
      "pools",
    ]
    #expect(Set(schema.properties?.keys.map { $0 } ?? []) == Set(topLevel + sections))
    #expect(schema.patternProperties?["^x-"] != nil)
    let process = schema.properties?["processes"]?.additionalProperties?.schema
    #expect(process?.properties?.count == 22)
    #expect(process?.oneOf?.compactMap(\.required?.first) == ["task", "script", "run"])
  }

  @Test func hasEveryKindWithItsParameters() throws {
    let process = try decoded().properties?["processes"]?.additionalProperties?.schema
    let conditions = process?.allOf ?? []
    #expect(conditions.count == TestCatalogue.signatures.count)
    for (condition, signature) in zip(conditions, TestCatalogue.signatures) {
      #expect(condition.if?.properties?["task"]?.const == signature.name)
      let with = condition.then?.properties?["with"]
      #expect(Set(with?.properties?.keys.map { $0 } ?? []) == Set(signature.parameters.map(\.name)))
      #expect(with?.required ?? [] == signature.parameters.filter(\.isRequired).map(\.name))
    }
  }

  @Test func hasNoKeyTwiceInOneObject() {
    // A decoder would keep one of them silently: compare with what is written.
    var open: [Set<String>] = []
    for line in Self.text.split(separator: "\n") {
      let trimmed = line.drop { $0 == " " }
      if trimmed.first == "\"", let end = trimmed.dropFirst().firstIndex(of: "\""), trimmed[end...].hasPrefix("\":") {
        let key = String(trimmed[..<end])
        if !open.isEmpty { #expect(open[open.count - 1].insert(key).inserted, "\(key)") }
      }
      if trimmed.hasSuffix("{") { open.append([]) }
      if trimmed == "}" || trimmed == "}," { open.removeLast() }
    }
    #expect(open.isEmpty)
  }
}

/// As much of a JSON schema as these tests look at.
private final class Schema: Decodable {
  var schema: String?
  var const: String?
  var properties: [String: Schema]?
  var patternProperties: [String: Schema]?
  var additionalProperties: Additional?
  var required: [String]?
  var oneOf: [Schema]?
  var allOf: [Schema]?
  var `if`: Schema?
  var then: Schema?

  private enum Key: String, CodingKey {
    case schema = "$schema"
    case const, properties, patternProperties, additionalProperties, required, oneOf, allOf, `if`, then
  }

  init(from decoder: any Decoder) throws {
    // `true` and `false` are schemas too.
    guard let container = try? decoder.container(keyedBy: Key.self) else { return }
    schema = try container.decodeIfPresent(String.self, forKey: .schema)
    const = try? container.decodeIfPresent(String.self, forKey: .const)
    properties = try container.decodeIfPresent([String: Schema].self, forKey: .properties)
    patternProperties = try container.decodeIfPresent([String: Schema].self, forKey: .patternProperties)
    additionalProperties = try container.decodeIfPresent(Additional.self, forKey: .additionalProperties)
    required = try container.decodeIfPresent([String].self, forKey: .required)
    oneOf = try container.decodeIfPresent([Schema].self, forKey: .oneOf)
    allOf = try container.decodeIfPresent([Schema].self, forKey: .allOf)
    `if` = try container.decodeIfPresent(Schema.self, forKey: .if)
    then = try container.decodeIfPresent(Schema.self, forKey: .then)
  }

  struct Additional: Decodable {
    var schema: Schema?

    init(from decoder: any Decoder) throws {
      if (try? decoder.singleValueContainer().decode(Bool.self)) == nil { schema = try Schema(from: decoder) }
    }
  }
}
