/// Reads a dotenv file line by line; a value in quotes may take several.
struct EnvironmentFileReader {
  private let source: SourceText
  private let environment: [[String: String]]
  private var file = EnvironmentFile()
  private var known: [String: String] = [:]
  private var lineNumber = 1
  /// What is left of the line, and the column (from 1) of its first character.
  private var rest: Substring = ""
  private var column = 1
  private var substitutedByteCount = 0

  init(_ source: SourceText, environment: [[String: String]]) {
    self.source = source
    self.environment = environment
  }

  mutating func read() -> EnvironmentFile {
    while file.diagnostics.count < DocumentLimits.errorCount, let line = source.line(lineNumber) {
      rest = line[...]
      column = 1
      readLine()
      lineNumber += 1
    }
    return file
  }

  private mutating func readLine() {
    skipBlanks()
    guard let first = rest.first, first != "#" else { return }
    let export = rest.prefix { !$0.isWhitespace }
    if export == "export", export.endIndex != rest.endIndex {
      take(export.count)
      skipBlanks()
    }
    let start = column
    let name = rest.prefix { $0 != "=" && $0 != ":" && !$0.isWhitespace }
    take(name.count)
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
    known[String(name)] = value
    file.variables.append(EnvironmentFile.Variable(name: String(name), value: value, place: place))
  }

  private func isName(_ name: Substring) -> Bool {
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
  private func unquoted(_ text: Substring) -> String {
    var end = text.startIndex
    var isAfterBlank = true
    for index in text.indices {
      let character = text[index]
      if character == "#", isAfterBlank { break }
      isAfterBlank = character == " " || character == "\t"
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
      (rest, column) = (next[...], 1)
    }
    return quote == "'" ? value : expand(value, place: opening)
  }

  /// `nil`: the line ended first; `false`: something stands after the quote, which is reported.
  private mutating func takeQuotedPart(until quote: Character, into value: inout String) -> Bool? {
    while let character = rest.first {
      take(1)
      if character == quote { return checkEnd() }
      if character == "\\", let next = rest.first, let escape = unescaped(next, in: quote) {
        value += escape
        take(1)
      } else {
        value.append(character)
      }
    }
    return nil
  }

  private func unescaped(_ character: Character, in quote: Character) -> String? {
    if quote == "'" { return character == "'" ? "'" : nil }
    switch character {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "\"", "\\": return String(character)
    // `$$` is how a literal `${` is written.
    case "$": return rest.dropFirst().first == "{" ? "$$" : "$"
    default: return nil
    }
  }

  private mutating func checkEnd() -> Bool {
    skipBlanks()
    guard let first = rest.first, first != "#" else { return true }
    report(
      place(from: column, to: column + rest.count), "text follows the closing quote",
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

  private mutating func take(_ count: Int) {
    rest = rest.dropFirst(count)
    column += count
  }

  private mutating func skipBlanks() { take(rest.prefix { $0 == " " || $0 == "\t" }.count) }

  private func place(from start: Int, to end: Int) -> Place {
    Place(file: source.file, line: lineNumber, column: start, endColumn: end)
  }

  private mutating func report(_ place: Place, _ message: String, help: String) {
    file.diagnostics.append(Diagnostic(.error, at: place, message, help: help))
  }
}
