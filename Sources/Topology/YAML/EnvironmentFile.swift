/// Variables of a dotenv file, as Compose reads it: `.env`, `--env-file`, `env_file`.
///
/// `KEY=value`, `export KEY=value`, `KEY: value`, comments after `#`. `'…'` is literal; `"…"` has escapes and may span
/// lines; an unquoted value ends at ` #`. `${…}` in what is not in single quotes is replaced as in a topology.
package struct EnvironmentFile: Sendable, Equatable {
  package struct Variable: Sendable, Equatable {
    package var name: String
    package var value: String
    package var place: Place
  }

  /// In order of the file; of a name given twice the last one counts.
  package var variables: [Variable] = []
  package var diagnostics: [Diagnostic] = []

  package var values: [String: String] {
    Dictionary(variables.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// A `${NAME}` is looked up in `environment`, first to last, then among the lines before it.
  package static func parse(_ source: SourceText, environment: [[String: String]] = []) -> EnvironmentFile {
    if let problem = EncodingCheck.problem(of: source) { return EnvironmentFile(diagnostics: [problem]) }
    if let zero = source.bytes.firstIndex(of: 0) {
      let (line, column) = source.position(ofByte: zero)
      let place = Place(file: source.file, line: line, column: column, endColumn: column + 1)
      return EnvironmentFile(diagnostics: [
        Diagnostic(
          .error, at: place, "control character U+0000 is not allowed",
          help: "remove it: the system would cut a variable there")
      ])
    }
    var reader = EnvironmentFileReader(source, environment: environment)
    return reader.read()
  }
}

/// Reads a dotenv file line by line; a value in quotes may take several.
struct EnvironmentFileReader {
  private let source: SourceText
  private let environment: [[String: String]]
  private var file = EnvironmentFile()
  private var known: [String: String] = [:]
  private var lineNumber = 1
  private var line = ""
  /// What is left of the line, by code points: a mark behind a sign does not hide it.
  private var rest = Substring.UnicodeScalarView()
  private var substitutedByteCount = 0

  init(_ source: SourceText, environment: [[String: String]]) {
    self.source = source
    self.environment = environment
  }

  mutating func read() -> EnvironmentFile {
    while file.diagnostics.count < DocumentLimits.errorCount, let line = source.line(lineNumber) {
      begin(line)
      readLine()
      lineNumber += 1
    }
    return file
  }

  private mutating func readLine() {
    skipBlanks()
    guard let first = rest.first, first != "#" else { return }
    let export = rest.prefix { !$0.properties.isWhitespace }
    if String(export).isExactly("export"), export.endIndex != rest.endIndex {
      take(export.count)
      skipBlanks()
    }
    let start = column
    let name = String(rest.prefix { $0 != "=" && $0 != ":" && !$0.properties.isWhitespace })
    take(name.unicodeScalars.count)
    let place = place(from: start, to: column)
    skipBlanks()
    guard !name.isEmpty, let separator = rest.first, separator == "=" || separator == ":" else {
      report(place, "a variable's line has no '='", help: "write NAME=value, or '#' before a comment")
      return
    }
    guard isName(name) else {
      report(place, "'\(name)' is not a variable's name", help: "use letters, digits and '_', no digit first")
      return
    }
    take(1)
    skipBlanks()
    guard let value = readValue() else { return }
    known[name] = value
    file.variables.append(EnvironmentFile.Variable(name: name, value: value, place: place))
  }

  private func isName(_ name: String) -> Bool {
    guard let first = name.first, !first.isASCIIDigit else { return false }
    // Dots and dashes too, as Compose: programs other than shells have such variables.
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
  }

  // MARK: Values

  private mutating func readValue() -> String? {
    switch rest.first {
    case "'", "\"": return readQuoted()
    default:
      let start = column
      let raw = unquoted(rest)
      return expand(raw, place: place(from: start, to: start + raw.count))
    }
  }

  /// Up to white space with `#` after it, or a `#` at once.
  private func unquoted(_ text: Substring.UnicodeScalarView) -> String {
    var end = text.startIndex
    var isAfterBlank = true
    for index in text.indices {
      let scalar = text[index]
      if scalar == "#", isAfterBlank { break }
      isAfterBlank = scalar == " " || scalar == "\t"
      if !isAfterBlank { end = text.index(after: index) }
    }
    return String(text[..<end])
  }

  private mutating func readQuoted() -> String? {
    guard let quote = rest.first else { return nil }
    let opening = place(from: column, to: column + 1)
    take(1)
    var value = ""
    while true {
      if let closed = takeQuotedPart(until: quote, into: &value) {
        guard closed else { return nil }
        break
      }
      guard let next = source.line(lineNumber + 1) else {
        report(opening, "a quote is opened and never closed", help: "close it with the same quote: \(quote)")
        return nil
      }
      value += "\n"
      lineNumber += 1
      begin(next)
    }
    return quote == "'" ? value : expand(value, place: opening)
  }

  /// `nil`: the line ended first; `false`: something stands after the quote, which is reported.
  private mutating func takeQuotedPart(until quote: Unicode.Scalar, into value: inout String) -> Bool? {
    while let scalar = rest.first {
      take(1)
      if scalar == quote { return checkEnd() }
      if scalar == "\\", let next = rest.first, let escape = unescaped(next, in: quote) {
        value += escape
        take(1)
      } else {
        value.unicodeScalars.append(scalar)
      }
    }
    return nil
  }

  private func unescaped(_ scalar: Unicode.Scalar, in quote: Unicode.Scalar) -> String? {
    if quote == "'" { return scalar == "'" ? "'" : nil }
    switch scalar {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "\"", "\\": return String(scalar)
    // `$$` is how a literal `${` is written.
    case "$": return rest.dropFirst().first == "{" ? "$$" : "$"
    default: return nil
    }
  }

  private mutating func checkEnd() -> Bool {
    skipBlanks()
    guard let first = rest.first, first != "#" else { return true }
    report(
      place(from: column, to: column + Substring(rest).count), "text follows the closing quote",
      help: "put all of the value into the quotes, and '#' before a comment")
    return false
  }

  private mutating func expand(_ text: String, place: Place) -> String? {
    guard Substitution.mayApply(to: text) else { return text }
    let (environment, known) = (environment, known)
    let result = Substitution.expand(
      text, byteLimit: DocumentLimits.substitutedByteCount - substitutedByteCount
    ) { name in
      for variables in environment { if let value = variables[name] { return value } }
      return known[name]
    }
    substitutedByteCount += result.text.utf8.count
    for problem in result.problems { report(place, problem.message, help: problem.help) }
    return result.problems.isEmpty ? result.text : nil
  }

  // MARK: Characters

  private mutating func begin(_ line: String) {
    self.line = line
    rest = self.line[...].unicodeScalars
  }

  private mutating func take(_ count: Int) { rest = rest.dropFirst(count) }

  /// Of what is left, from 1, in characters.
  private var column: Int { line[..<rest.startIndex].count + 1 }

  private mutating func skipBlanks() { take(rest.prefix { $0 == " " || $0 == "\t" }.count) }

  private func place(from start: Int, to end: Int) -> Place {
    Place(file: source.file, line: lineNumber, column: start, endColumn: end)
  }

  private mutating func report(_ place: Place, _ message: String, help: String) {
    file.diagnostics.append(Diagnostic(.error, at: place, message, help: help))
  }
}
