/// Where a ':' or the space after it is missing: libyaml notices it on a later line, or only that there is no key.
struct MissingSignSearch {
  let source: SourceText

  /// `line`: on which a key was found that can't be one there; `column`: of its ':', in characters from 0.
  func diagnostic(aboveKeyOn line: Int, column: Int) -> Diagnostic? {
    guard let text = source.line(line) else { return nil }
    if isSigned(text.prefix(column)) { return secondSign(on: line, text, column) }
    // What has no sign goes up to the line of the key that it was taken for a value of.
    var first: Int?
    var above = line - 1
    while above > 0, let text = source.line(above), isPlainText(text), !isSigned(text[...]) {
      first = above
      above -= 1
    }
    if let first, let found = diagnostic(onLine: first) { return found }
    return first == nil ? indentation(of: line, below: above) : nil
  }

  /// `a: run: x`, `run: echo a: b`
  private func secondSign(on line: Int, _ text: String, _ column: Int) -> Diagnostic? {
    guard let outer = Self.key(of: text), !outer.value.isEmpty else { return nil }
    let place = Place(file: source.file, line: line, column: column + 1, endColumn: column + 2)
    let inner = outer.value.prefix { $0 != ":" }
    let isKey = KnownKeys.contains(String(inner)) && !KnownKeys.contains(String(outer.name))
    return Diagnostic(
      .error, at: place, "a ':' is not allowed here",
      help: isKey
        ? "put '\(outer.value)' on a line of its own below '\(outer.name):', indented deeper"
        : "quote a value that holds ': ', as in '\(outer.name): \"\(outer.value)\"'")
  }

  /// Of a line that is to have a key and has none.
  func diagnostic(onLine line: Int) -> Diagnostic? {
    guard let text = source.line(line) else { return nil }
    let words = text.drop { $0 == " " }
    let start = text.count - words.count + 1
    let place = Place(file: source.file, line: line, column: start, endColumn: start + 1)
    let content = String(Self.withoutBlanksBehind(words))
    if let lack = MissingSign(in: content, isKey: { KnownKeys.contains($0) || isBeforeColon($0, content) }) {
      return Diagnostic(.error, at: lack.place(from: place), lack.message, help: lack.help)
    }
    guard !content.isEmpty, content.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
      return nil
    }
    let sign = Place(
      file: source.file, line: line, column: start + content.count, endColumn: start + content.count + 1)
    return Diagnostic(.error, at: sign, "a ':' is missing after '\(content)'", help: "write '\(content):'")
  }

  /// `http://…` is no key.
  private func isBeforeColon(_ key: String, _ content: String) -> Bool {
    let rest = content.dropFirst(key.count)
    return rest.hasPrefix(":") && !rest.hasPrefix("://")
  }

  private func indentation(of line: Int, below above: Int) -> Diagnostic? {
    guard let text = source.line(line), let upper = source.line(above), isSigned(upper[...]),
      let key = Self.key(of: text), let upperKey = Self.key(of: upper), !upperKey.value.isEmpty,
      key.column > upperKey.column
    else { return nil }
    let place = Place(
      file: source.file, line: line, column: key.column + 1, endColumn: key.column + 1 + key.name.count)
    return Diagnostic(
      .error, at: place, "'\(key.name)' is indented as if it belonged to '\(upperKey.name)', which has a value already",
      help: "indent it like '\(upperKey.name)'; a value that holds ': ' needs quotes")
  }

  // MARK: Lines

  private func isSigned(_ text: Substring) -> Bool {
    let content = Self.withoutBlanksBehind(text)
    return content.contains(": ") || content.hasSuffix(":") || content.contains(":\t")
  }

  private func isPlainText(_ text: String) -> Bool {
    guard let first = text.first(where: { !$0.isWhitespace }) else { return false }
    return first.isLetter || first.isNumber || first == "_"
  }

  private static func withoutBlanksBehind(_ text: Substring) -> Substring {
    text.prefix(upTo: text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex)
  }

  /// `name: value` behind blanks.
  private static func key(of text: String) -> (name: Substring, column: Int, value: Substring)? {
    let content = text.drop { $0 == " " }
    guard let colon = content.firstIndex(of: ":"), content.first?.isLetter == true else { return nil }
    let value = withoutBlanksBehind(content[content.index(after: colon)...]).drop { $0 == " " }
    return (content[..<colon], text.count - content.count, value)
  }
}
