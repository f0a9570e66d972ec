/// Scalars as written → nodes: tags checked, variables replaced, places found.
struct ScalarReader {
  /// A scalar before its variables are replaced.
  struct Written {
    var text: String
    var style: EventStream.ScalarStyle
    var tag: String?
    /// Of its text, after anchor and tag, in code points of the file.
    var start: Int
    var end: Int
    /// Of all of it.
    var place: Place
    var blockStart: Place?

    var isEmpty: Bool { text.isEmpty && style == .plain }
  }

  /// What a scalar is read for.
  enum Role {
    case key, value
    /// A value whose text is Lua: what looks like a variable is none.
    case script
  }

  let environment: [[String: String]]
  private var substitutedByteCount = 0

  init(environment: [[String: String]]) { self.environment = environment }

  func written(
    _ text: String, _ style: EventStream.ScalarStyle, _ properties: EventStream.Properties, from start: Int,
    to end: Int, places: inout PlaceFinder
  ) -> Written {
    let start = properties.isEmpty ? start : places.contentStart(from: start, to: end)
    let place = style.isBlock ? places.blockHeader(at: start) : places.place(from: start, to: end)
    return Written(
      text: text, style: style, tag: properties.tag, start: start, end: end, place: place,
      blockStart: style.isBlock ? places.blockStart(afterHeader: place, text: text) : nil)
  }

  mutating func node(
    of written: Written, as role: Role, places: inout PlaceFinder, reporting diagnostics: inout [Diagnostic]
  ) -> Node {
    var scalar = Node.Scalar(text: written.text, isQuoted: written.style != .plain, blockStart: written.blockStart)
    let count = diagnostics.count
    if role == .script { scalar.runs = RunFinder.runs(of: written, places: &places) }
    if role == .value, Substitution.mayApply(to: written.text) {
      scalar.text = expand(written, places: &places, reporting: &diagnostics)
      scalar.plainVariables = Substitution.plainVariables(in: written.text)
    }
    if diagnostics.count == count, let tag = written.tag {
      apply(tag, to: &scalar, at: written.place, reporting: &diagnostics)
    }
    scalar.isInvalid = diagnostics.count > count
    return Node(place: written.place, content: .scalar(scalar))
  }

  private mutating func expand(
    _ written: Written, places: inout PlaceFinder, reporting diagnostics: inout [Diagnostic]
  ) -> String {
    let result = Substitution.expand(
      written.text, byteLimit: DocumentLimits.substitutedByteCount - substitutedByteCount, lookup: value(of:))
    substitutedByteCount += result.text.utf8.count
    for problem in result.problems {
      let place = places.place(of: problem, in: written)
      diagnostics.append(Diagnostic(.error, at: place, problem.message, help: problem.help))
    }
    return result.text
  }

  private func value(of variable: String) -> String? {
    for variables in environment { if let value = variables[variable] { return value } }
    return nil
  }

  private func apply(
    _ tag: String, to scalar: inout Node.Scalar, at place: Place, reporting diagnostics: inout [Diagnostic]
  ) {
    let prefix = "tag:yaml.org,2002:"
    let name = tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : tag
    if name == "!" || name == "str" {
      scalar.isQuoted = true
      return
    }
    guard ["int", "float", "bool", "null"].contains(name) else {
      diagnostics.append(.unknownTag(tag, at: place))
      return
    }
    scalar.isQuoted = false
    let fits =
      switch scalar.literal {
      case .int, .unsigned: name == "int" || name == "float"
      case .float: name == "float"
      case .bool: name == "bool"
      case .null: name == "null"
      default: false
      }
    if fits, name == "float", let whole = scalar.integer {
      // `3` is 3.0 then, for whoever reads it.
      scalar.text = YAMLText.float(whole.asDouble)
    }
    if !fits { diagnostics.append(.tagMismatch("!!" + name, text: scalar.text, at: place)) }
  }
}

extension Literal {
  fileprivate var asDouble: Double {
    switch self {
    case .int(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .float(let value): value
    default: .nan
    }
  }
}

extension PlaceFinder {
  /// `|`, `>-`, `|2` … at a code point.
  fileprivate mutating func blockHeader(at start: Int) -> Place {
    let length = text(from: start, to: start + 3).prefix { "|>+-".contains($0) || $0.isASCIIDigit }.count
    return place(from: start, to: start + length)
  }

  /// Line 1 of a block's text is the one after its header; its column is what the block's indentation leaves.
  fileprivate func blockStart(afterHeader header: Place, text: String) -> Place {
    var number = header.line + 1
    var column = 1
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let written = source.line(number) else { break }
      if !line.isEmpty {
        // What an explicit indicator or a less indented first line leaves in the text is no indentation.
        column = written.prefix { $0 == " " }.count - line.prefix { $0 == " " }.count + 1
        break
      }
      number += 1
    }
    return Place(file: header.file, line: header.line + 1, column: max(1, column), endColumn: max(1, column))
  }

  /// Of one `${…}`; of the whole scalar where escapes hide it.
  fileprivate mutating func place(of problem: Substitution.Problem, in written: ScalarReader.Written) -> Place {
    let raw = text(from: written.start, to: written.end)
    let references = Substitution.references(in: raw)
    guard references.count == Substitution.references(in: written.text).count else { return written.place }
    let found = references[problem.ordinal]
    let start = written.start + raw.unicodeScalars.distance(from: raw.startIndex, to: found)
    let length = raw[found...].hasPrefix(problem.reference) ? problem.reference.unicodeScalars.count : 2
    return place(from: start, to: start + length)
  }
}

/// Finds where the text of a folded, quoted or plain scalar stands in its file.
///
/// What YAML makes of such a scalar changes its white space and replaces its escapes. All else is in the file in the
/// same order: the characters of the one are counted off against those of the other.
struct RunFinder {
  private let written: ScalarReader.Written
  private let raw: [Unicode.Scalar]
  private var index: Int
  /// A line ended since the last character.
  private var hasBreak = false

  static func runs(of written: ScalarReader.Written, places: inout PlaceFinder) -> [TextRun] {
    guard written.style != .literal else { return [] }
    var finder = RunFinder(written, raw: Array(places.text(from: written.start, to: written.end).unicodeScalars))
    return finder.runs(places: &places)
  }

  private init(_ written: ScalarReader.Written, raw: [Unicode.Scalar]) {
    self.written = written
    self.raw = raw
    index =
      switch written.style {
      case .plain, .literal: 0
      case .singleQuoted, .doubleQuoted: 1
      case .folded: (raw.firstIndex { Self.isBreak($0) } ?? -1) + 1
      }
  }

  private mutating func runs(places: inout PlaceFinder) -> [TextRun] {
    var runs: [TextRun] = []
    // How far the file is ahead of the text.
    var shift: Int?
    for (offset, scalar) in written.text.unicodeScalars.enumerated() where !scalar.properties.isWhitespace {
      guard let start = next() else { break }
      if hasBreak || shift != start - offset {
        let place = places.place(from: written.start + start, to: written.start + start + 1)
        runs.append(TextRun(offset: offset, line: place.line, column: place.column))
      }
      // Behind an escape it is another one.
      shift = start - offset
      hasBreak = false
    }
    return runs
  }

  /// Where the next character begins that is no white space.
  private mutating func next() -> Int? {
    while index < raw.count {
      let start = index
      let scalar = raw[index]
      index += 1
      switch (written.style, scalar) {
      case (.doubleQuoted, "\\"): if !escapeIsSpace() { return start }
      case (.singleQuoted, "'"):
        // Written twice.
        index += 1
        return start
      default:
        if !scalar.properties.isWhitespace { return start }
        if Self.isBreak(scalar) { hasBreak = true }
      }
    }
    return nil
  }

  /// Goes past an escape; whether it stands for white space.
  private mutating func escapeIsSpace() -> Bool {
    guard index < raw.count else { return true }
    let letter = raw[index]
    index += 1
    switch letter {
    case "n", "r", "t", "v", "f", "N", "_", "L", "P": return true
    case "x": return codeIsSpace(digits: 2)
    case "u": return codeIsSpace(digits: 4)
    case "U": return codeIsSpace(digits: 8)
    default:
      if Self.isBreak(letter) { hasBreak = true }
      return letter.properties.isWhitespace
    }
  }

  private mutating func codeIsSpace(digits: Int) -> Bool {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: raw[index..<min(raw.count, index + digits)])
    index += digits
    return UInt32(String(text), radix: 16).flatMap(Unicode.Scalar.init)?.properties.isWhitespace ?? false
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
}
