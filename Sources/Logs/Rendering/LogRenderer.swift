import Text

/// How log lines are shown.
package struct LogStyle: Sendable, Equatable {
  package enum Format: Sendable, Equatable {
    /// For people: `count-2  | text`.
    case text
    /// For programs: one `{"time":…,"name":…,"stream":…,"text":…}` a line; the other settings have no effect.
    case json
  }

  package enum Target: Sendable, Equatable {
    /// Gets the bytes as the worker printed them.
    case file
    /// Gets nothing that could do more than colour a line; see `TerminalText`.
    case terminal
  }

  package var format = Format.text
  package var target = Target.file
  package var hasPrefix = true
  /// Whether each line has its time, in RFC 3339, UTC.
  package var hasTimestamp = false
  /// Whether prefixes have colours: a caller says so for a terminal, unless `NO_COLOR` is set.
  package var hasColour = false

  package init() {}
}

/// Renders log lines into `output`, which the caller writes out and empties.
package struct LogRenderer: ~Copyable {
  package var output = ByteBuffer(capacity: 64 << 10)

  private let style: LogStyle
  private var stamp = TimestampWriter()
  private var prefixes: [LinePrefix] = []
  private var prefixIndices: [String: Int] = [:]
  /// Of the line before, as lines of one instance mostly come together.
  private var lastPrefix = 0
  private var width = 0

  /// `instances`: those that are expected, which gives the width of the prefix and the order of colours. Others may
  /// come; a longer name widens the prefix from there on.
  package init(style: LogStyle, instances: [String]) {
    self.style = style
    for instance in instances where prefixIndices[instance] == nil { add(instance) }
    align()
  }

  /// Adds one line to `output`.
  package mutating func append(_ record: LogRecord) { append(record, part: .whole) }

  /// Of a line, in `output`.
  struct Part: OptionSet {
    let rawValue: UInt8
    static let start = Part(rawValue: 1)
    static let end = Part(rawValue: 2)
    static let whole: Part = [.start, .end]
  }

  /// What begins may be shown before it ends.
  var showsUnfinishedLines: Bool {
    if case (.text, .terminal) = (style.format, style.target) { true } else { false }
  }

  mutating func append(_ record: LogRecord, part: Part) {
    switch style.format {
    case .text: appendText(record, part)
    case .json: appendJSON(record)
    }
  }

  /// The line that has begun ends here.
  mutating func endLine() { output.append(0x0A) }

  private mutating func appendText(_ record: LogRecord, _ part: Part) {
    if part.contains(.start) { appendStart(of: record) }
    switch style.target {
    case .file: output.append(record.text)
    case .terminal: TerminalText.append(record.text) { output.append($0) }
    }
    if part.contains(.end) { output.append(0x0A) }
  }

  private mutating func appendStart(of record: LogRecord) {
    if style.hasPrefix {
      selectPrefix(of: record.instance)
      prefixes[lastPrefix].bytes.withUnsafeBytes { output.append($0) }
    }
    if style.hasTimestamp {
      stamp.write(record.timeNanoseconds, to: output.extend(by: TimestampWriter.byteCount))
      output.append(UInt8(ascii: " "))
    }
  }

  private mutating func appendJSON(_ record: LogRecord) {
    output.append(#"{"time":""# as StaticString)
    stamp.write(record.timeNanoseconds, to: output.extend(by: TimestampWriter.byteCount))
    output.append(#"","name":"# as StaticString)
    var instance = record.instance
    instance.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0)) { output.append($0) } }
    output.append(
      (record.stream == .stdout ? #","stream":"stdout","text":"# : #","stream":"stderr","text":"#) as StaticString)
    JSONText.append(record.text) { output.append($0) }
    output.append("}\n" as StaticString)
  }

  @inline(__always)
  private mutating func selectPrefix(of instance: String) {
    if lastPrefix < prefixes.count, prefixes[lastPrefix].instance == instance { return }
    lastPrefix = prefixIndices[instance] ?? addLate(instance)
  }

  private mutating func addLate(_ instance: String) -> Int {
    add(instance)
    align()
    return prefixes.count - 1
  }

  private mutating func add(_ instance: String) {
    prefixIndices[instance] = prefixes.count
    prefixes.append(LinePrefix(instance: instance, index: prefixes.count))
    width = max(width, instance.utf8.count)
  }

  private mutating func align() {
    for index in prefixes.indices { prefixes[index].align(to: width, hasColour: style.hasColour) }
  }
}

/// What lines of one instance begin with.
struct LinePrefix {
  /// The colours of Docker Compose, given out in order; the bright ones come when the others are used up.
  private static let colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94]

  let instance: String
  /// The instance's place in order of appearance, which chooses its colour.
  let index: Int
  private(set) var bytes: [UInt8] = []

  init(instance: String, index: Int) {
    self.instance = instance
    self.index = index
  }

  /// Names are ASCII, so that bytes are columns.
  mutating func align(to width: Int, hasColour: Bool) {
    let padding = String(repeating: " ", count: width - instance.utf8.count)
    let text = "\(instance)\(padding)  | "
    let colour = Self.colours[index % Self.colours.count]
    bytes = Array((hasColour ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text).utf8)
  }
}
