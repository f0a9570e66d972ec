/// The words and signs of a Lua text: enough to see which methods it calls on what, and where its blocks end.
struct LuaTokens {
  struct Token: Equatable {
    var text: Substring
    /// From 0.
    var line: Int
    /// Of all of it.
    var range: Range<String.Index>
  }

  private(set) var tokens: [Token] = []
  /// By code points: what a mark combines with is a sign of its own here.
  private var rest: Substring.UnicodeScalarView
  private var line = 0

  init(_ source: String) {
    rest = source[...].unicodeScalars
    while let next = rest.first { take(next) }
  }

  private mutating func take(_ next: Unicode.Scalar) {
    if next == "\n" || next.properties.isWhitespace {
      if next == "\n" { line += 1 }
      rest.removeFirst()
    } else if rest.starts(with: "--".unicodeScalars) {
      rest.removeFirst(2)
      if !skipLongBracket() { rest = rest.drop { $0 != "\n" } }
    } else {
      let (start, line) = (rest.startIndex, line)
      let text = takeToken(next)
      tokens.append(Token(text: text, line: line, range: start..<rest.startIndex))
    }
  }

  /// A string is a token without text.
  private mutating func takeToken(_ next: Unicode.Scalar) -> Substring {
    if next == "\"" || next == "'" {
      skipString(next)
      return ""
    }
    if next == "[", skipLongBracket() { return "" }
    let text = isWord(next) ? rest.prefix(while: isWord) : rest.prefix(1)
    rest.removeFirst(text.count)
    return Substring(text)
  }

  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private mutating func skipString(_ quote: Unicode.Scalar) {
    rest.removeFirst()
    while let next = rest.popFirst(), next != quote {
      if next == "\n" { line += 1 }
      if next == "\\", rest.popFirst() == "\n" { line += 1 }
    }
  }

  /// `[[ … ]]`, `[=[ … ]=]`; false: none begins here.
  private mutating func skipLongBracket() -> Bool {
    let level = rest.dropFirst().prefix { $0 == "=" }.count
    guard rest.first == "[", rest.dropFirst(level + 1).first == "[" else { return false }
    let end = ("]" + String(repeating: "=", count: level) + "]").unicodeScalars
    rest = rest.dropFirst(level + 2)
    while !rest.isEmpty, !rest.starts(with: end) {
      if rest.removeFirst() == "\n" { line += 1 }
    }
    rest = rest.dropFirst(end.count)
    return true
  }
}
