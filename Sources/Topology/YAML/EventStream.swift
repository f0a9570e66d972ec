import CLibYAML

/// libyaml's events, one after the other; places are counts of code points from the start of the text.
struct EventStream: ~Copyable {
  struct Event {
    var kind: Kind
    var start: Int
    var end: Int
  }

  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(anchor: String)
    case scalar(text: String, style: ScalarStyle, properties: Properties)
    case sequenceStart(isFlow: Bool, Properties)
    case mappingStart(isFlow: Bool, Properties)
    case sequenceEnd, mappingEnd
  }

  enum ScalarStyle {
    case plain, singleQuoted, doubleQuoted, literal, folded

    var isBlock: Bool { self == .literal || self == .folded }
  }

  struct Properties {
    var anchor: String?
    /// With its handle resolved: `tag:yaml.org,2002:str`.
    var tag: String?
    var isEmpty: Bool { anchor == nil && tag == nil }
  }

  /// Why libyaml stopped, in its words.
  struct Problem: Error {
    var message: String
    var place: Position
    var context: String?
    var contextStart: Int?
    /// Of a character that may not stand in YAML.
    var codePoint: Int32

    enum Position {
      case scalar(Int)
      case byte(Int)
    }
  }

  // The parser keeps addresses of itself and of its input, so both stay where they are until deinit.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    parser = .allocate(capacity: 1)
    precondition(yaml_parser_initialize(parser) == 1, "out of memory")
    input = .allocate(capacity: bytes.count)
    _ = input.initialize(from: bytes)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  mutating func next() throws(Problem) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
    defer { yaml_event_delete(&event) }
    return Event(kind: Self.kind(of: event), start: event.start_mark.index, end: event.end_mark.index)
  }

  private static func kind(of event: yaml_event_t) -> Kind {
    switch event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias(anchor: string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT: return scalar(event.data.scalar)
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      let properties = Properties(anchor: string(data.anchor), tag: string(data.tag))
      return .sequenceStart(isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE, properties)
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      let properties = Properties(anchor: string(data.anchor), tag: string(data.tag))
      return .mappingStart(isFlow: data.style == YAML_FLOW_MAPPING_STYLE, properties)
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd
    }
  }

  private static func scalar(_ data: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) -> Kind {
    let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
    let style: ScalarStyle =
      switch data.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    return .scalar(
      text: String(decoding: bytes, as: UTF8.self), style: style,
      properties: Properties(anchor: string(data.anchor), tag: string(data.tag)))
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  private var problem: Problem {
    let state = parser.pointee
    let isOfReader = state.error == YAML_READER_ERROR
    let hasContext = !isOfReader && state.context != nil
    return Problem(
      message: state.problem.map { String(cString: $0) } ?? "out of memory",
      place: isOfReader ? .byte(state.problem_offset) : .scalar(state.problem_mark.index),
      context: hasContext ? String(cString: state.context) : nil,
      contextStart: hasContext ? state.context_mark.index : nil,
      codePoint: isOfReader ? state.problem_value : 0)
  }
}
