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
  private var rest: Substring
  private var line = 0

  init(_ source: String) {
    rest = source[...]
    while let next = rest.first { take(next) }
  }

  private mutating func take(_ next: Character) {
    if next.isNewline {
      line += 1
      rest.removeFirst()
    } else if next.isWhitespace {
      rest.removeFirst()
    } else if rest.hasPrefix("--") {
      rest.removeFirst(2)
      if !skipLongBracket() { rest = rest.drop { !$0.isNewline } }
    } else {
      let (start, line) = (rest.startIndex, line)
      let text = takeToken(next)
      tokens.append(Token(text: text, line: line, range: start..<rest.startIndex))
    }
  }

  /// A string is a token without text.
  private mutating func takeToken(_ next: Character) -> Substring {
    if next == "\"" || next == "'" {
      skipString(next)
      return ""
    }
    if next == "[", skipLongBracket() { return "" }
    let text = isWord(next) ? rest.prefix(while: isWord) : rest.prefix(1)
    rest.removeFirst(text.count)
    return text
  }

  private func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

  private mutating func skipString(_ quote: Character) {
    rest.removeFirst()
    while let next = rest.popFirst(), next != quote {
      if next.isNewline { line += 1 }
      if next == "\\", let escaped = rest.popFirst(), escaped.isNewline { line += 1 }
    }
  }

  /// `[[ … ]]`, `[=[ … ]=]`; false: none begins here.
  private mutating func skipLongBracket() -> Bool {
    let level = rest.dropFirst().prefix { $0 == "=" }.count
    guard rest.first == "[", rest.dropFirst(level + 1).first == "[" else { return false }
    let end = "]" + String(repeating: "=", count: level) + "]"
    let body = rest.dropFirst(level + 2)
    let close = body.ranges(of: end).first
    line += body[..<(close?.lowerBound ?? body.endIndex)].count(where: \.isNewline)
    rest = body[(close?.upperBound ?? body.endIndex)...]
    return true
  }
}
