/// libyaml's complaints in the words of someone who wants to fix the file.
struct SyntaxWording {
  private let problem: EventStream.Problem
  private var places: PlaceFinder
  /// What stands where libyaml stopped; nothing at the end of the file.
  private var character: Character?
  private var isAfterDollar = false
  /// Behind a character that is no white space.
  private var isInText = false
  private var isAtEnd = false
  /// libyaml looks no further than that for the ':' behind one.
  private static let keyLength = 1024
  private var isBehindLongKey = false
  /// The bracket that it is in was opened on the same line.
  private var isOnLineOfContext = false

  init(problem: EventStream.Problem, places: PlaceFinder) {
    self.problem = problem
    self.places = places
    guard case .scalar(let index) = problem.place else { return }
    character = self.places.text(from: index, to: index + 1).first
    let before = index > 0 ? self.places.text(from: index - 1, to: index).first : nil
    isAfterDollar = before == "$"
    isInText = before.map { $0.isLetter || $0.isNumber } ?? false
    isBehindLongKey = hasLongKey(before: index)
    isOnLineOfContext =
      problem.contextStart.map { self.places.source.position(ofScalar: $0).line }
      == self.places.source.position(ofScalar: index).line
    isAtEnd = self.places.text(from: index, to: index + 64).allSatisfy(\.isWhitespace)
  }

  /// One whose ':' stands too far behind it; in brackets libyaml stops at that ':', else it tells of the key.
  private mutating func hasLongKey(before index: Int) -> Bool {
    if problem.message == "could not find expected ':'", let start = problem.contextStart {
      let line = places.text(from: start, to: start + (1 << 16)).unicodeScalars.prefix { $0 != "\n" }
      return line.dropFirst(Self.keyLength).contains(":")
    }
    guard character == ":", index >= Self.keyLength else { return false }
    let key = places.text(from: index - Self.keyLength, to: index).unicodeScalars
    return !key.contains { ["\n", ",", "{", "[", ":"].contains($0) }
  }

  /// A message with its fix; `nil` help: nothing better than the message is known.
  private typealias Wording = (message: String, help: String?)

  var diagnostic: Diagnostic {
    var copy = self
    switch problem.place {
    case .byte(let offset): return copy.unreadableCharacter(at: offset)
    case .scalar(let index): return copy.diagnostic(at: index)
    }
  }

  private func unreadableCharacter(at offset: Int) -> Diagnostic {
    let (line, column) = places.source.position(ofByte: offset)
    let place = Place(file: places.source.file, line: line, column: column, endColumn: column + 1)
    let digits = String(problem.codePoint, radix: 16, uppercase: true)
    let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return Diagnostic(
      .error, at: place, "control character U+\(code) is not allowed",
      help: "remove it; in double quotes it may be written as an escape: \"\\u\(code)\"")
  }

  private mutating func diagnostic(at index: Int) -> Diagnostic {
    if let tab = tabInIndentation(near: index) {
      return Diagnostic(
        .error, at: tab, "a tab can't indent in YAML", help: "indent with spaces: two for each level is usual")
    }
    if !isBehindLongKey, let missing = missingSign(at: index) { return missing }
    let wording = wording
    let opening = problem.contextStart.map { places.place(from: $0, to: $0 + 1) }
    // At the end of the file there is nothing to see: what was left open says more.
    if let opening, isAtEnd || pointsAtContext {
      return Diagnostic(.error, at: opening, wording.message, help: wording.help)
    }
    let place = places.place(from: index, to: index + (character?.isNewline == false ? 1 : 0))
    var notes: [Diagnostic.Note] = []
    if let opening, opening != place, let text = openingNote {
      notes = [Diagnostic.Note(place: opening, message: text)]
    }
    return Diagnostic(.error, at: place, wording.message, help: wording.help, notes: notes)
  }

  private mutating func missingSign(at index: Int) -> Diagnostic? {
    let search = MissingSignSearch(source: places.source)
    switch problem.message {
    case "could not find expected ':'":
      return problem.contextStart.flatMap { search.diagnostic(onLine: places.source.position(ofScalar: $0).line) }
    case "mapping values are not allowed in this context":
      let place = places.place(from: index, to: index + 1)
      return search.diagnostic(aboveKeyOn: place.line, column: place.column - 1)
    default: return nil
    }
  }

  // MARK: Places

  /// A key that has no colon is at fault, not the line after it; a directive as a whole is unknown.
  private var pointsAtContext: Bool {
    problem.message == "could not find expected ':'" || problem.context == "while scanning a directive"
  }

  private var openingNote: String? {
    switch problem.context {
    case "while parsing a block mapping": "the map that it would belong to begins here"
    case "while parsing a block collection": "the list that it would belong to begins here"
    case "while parsing a flow mapping", "while parsing a flow sequence": "opened here"
    default: nil
    }
  }

  /// The tab that indents the line of the problem, or the one before, where libyaml notices it late.
  private mutating func tabInIndentation(near index: Int) -> Place? {
    guard !(problem.context ?? "").contains("quoted") else { return nil }
    let line = places.source.position(ofScalar: index).line
    for number in [line, line - 1] {
      guard let text = places.source.line(number) else { continue }
      let indentation = text.prefix { $0 == " " || $0 == "\t" }
      guard indentation.count < text.count, let tab = indentation.firstIndex(of: "\t") else { continue }
      let column = text.distance(from: text.startIndex, to: tab) + 1
      return Place(file: places.source.file, line: number, column: column, endColumn: column + 1)
    }
    return nil
  }

  // MARK: Words

  private var wording: Wording {
    switch problem.message {
    case _ where isBehindLongKey:
      return (
        "a key has at most \(Self.keyLength) characters",
        "write '? ' before it, and ': ' with its value on the next line"
      )
    case "found character that cannot start any token":
      let found = character.map { "'\($0)'" } ?? "the end of the file"
      return ("a value can't begin with \(found)", "put the value in quotes")
    case "mapping values are not allowed in this context":
      return ("a ':' is not allowed here", "quote a value that holds ': ', or indent the line like the keys beside it")
    case "block sequence entries are not allowed in this context":
      return ("a list item '-' is not allowed here", "put each '- item' on a line of its own, below its key")
    case "mapping keys are not allowed in this context":
      return ("a key is not allowed here", "put it on a line of its own, indented like the keys beside it")
    case "could not find expected ':'":
      return ("a key needs a ':' after it, on its line", "write 'key: value', or '- item' in a list")
    case "did not find expected key", "did not find expected '-' indicator":
      return misfit
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      return unclosedBrackets
    default: return otherWording
    }
  }

  private var misfit: Wording {
    let what = problem.message.contains("key") ? "a key of the map" : "an item of the list"
    return (
      "this is not \(what) around it",
      "give it the same indentation as its neighbours, and look for a quote or bracket before it that is one too many"
    )
  }

  private var unclosedBrackets: Wording {
    if character == "{", isAfterDollar {
      return ("'${' inside of '{…}' or '[…]' needs quotes", "quote the value that holds it: \"${NAME}\"")
    }
    if character == "[" || character == "{", isInText {
      let found = character.map(String.init) ?? ""
      return (
        "'\(found)' inside of '{…}' or '[…]' begins a list or map",
        "quote a text that holds it: \"int32[4]\"; or put a ',' before it"
      )
    }
    if character == ":", isInText, isOnLineOfContext {
      return ("a ',' is missing before this entry", "put a ',' between the entries of '{…}' and '[…]'")
    }
    let isList = problem.message.hasSuffix("']'")
    return (
      "'\(isList ? "[" : "{")' is not closed: ',' or '\(isList ? "]" : "}")' was expected",
      "put a ',' between entries and '\(isList ? "]" : "}")' after the last"
    )
  }

  private var otherWording: Wording {
    switch (problem.message, problem.context) {
    case ("found unexpected end of stream", _), ("found unexpected document indicator", _):
      return ("a quote is opened and never closed", "close it with the same quote; inside of '…' write a ' as ''")
    case ("found unknown escape character", _), ("did not find expected hexdecimal number", _),
      ("found invalid Unicode character escape code", _):
      return (
        "an unknown escape in a string in double quotes",
        "write '\\\\' for a backslash, or put the string in single quotes, where it has no meaning"
      )
    case ("did not find expected alphabetic or numeric character", "while scanning an alias"):
      return ("'*' begins an alias, and needs a name after it", "quote a value that begins with '*': \"*.txt\"")
    case ("did not find expected alphabetic or numeric character", _):
      return ("'&' begins an anchor, and needs a name after it", "quote a value that begins with '&'")
    case ("did not find expected comment or line break", _):
      return ("text can't follow '|' or '>' on its line", "begin the text on the next line, indented")
    case ("did not find expected <document start>", _):
      return (
        "the topology has ended before this", "indent it so that it belongs to a key, or quote the value before it"
      )
    case ("did not find expected node content", _):
      return ("a value is missing here", "write the value; '\"\"' is the empty string, 'null' is nothing")
    case ("found undefined tag handle", _), ("did not find expected tag URI", _), ("did not find expected '!'", _):
      return ("'!' begins a tag, and this one is unknown", "quote a value that begins with '!'")
    case ("found incompatible YAML document", _), ("found unknown directive name", _):
      return ("an unknown '%' directive", "remove the line; a topology is YAML 1.2")
    default:
      return (problem.message + (problem.context.map { " \($0)" } ?? ""), nil)
    }
  }
}

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
