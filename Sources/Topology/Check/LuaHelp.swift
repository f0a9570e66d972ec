/// What to write, of texts that Lua's compiler refuses and of expressions with names that are nothing.
package enum LuaHelp {
  /// `text`: the line that it speaks of, or all of an expression.
  /// `source`: all of a script.
  package static func help(
    ofProblem message: String, in text: Substring, of source: String = "", isExpression: Bool = false
  ) -> String? {
    let tokens = LuaTokens(String(text)).tokens.map(\.text)
    if isExpression { if let help = help(ofExpression: tokens) { return help } }
    if let help = foreignSign(tokens) { return help }
    if message.contains("'end' expected"), hasElseIf(source) {
      return "'else if' opens a block of its own: write 'elseif'"
    }
    if let word = tokens.first.flatMap({ foreignWords[String($0)] }) { return word }
    if tokens.count == 3, tokens[1] == ".", tokens[2] == "lua" {
      return "'script' is the text itself; of a file write 'dofile(\"\(text.drop(while: \.isWhitespace))\")'"
    }
    return expected(by: message)
  }

  /// A name in an expression over `item` that is nothing; `nil`: there is none.
  package static func problem(ofExpression text: String) -> ScriptCompiler.Problem? {
    let tokens = LuaTokens(text).tokens
    let given = LuaNamesGiven(tokens).names
    var unknown: [LuaTokens.Token] = []
    for index in tokens.indices where LuaNamesGiven.isFree(index, in: tokens) {
      let name = tokens[index].text
      if name != "item", !given.contains(name), !LuaNames.globals.contains(String(name)) {
        unknown.append(tokens[index])
      }
    }
    guard let first = unknown.first else { return nil }
    let hasItem = tokens.contains { $0.text == "item" }
    guard Set(unknown.map(\.text)).count == 1, !hasItem else {
      return .init(
        line: nil, message: "'\(first.text)' is nothing in an expression",
        help: "there is 'item', and what Lua itself has; a text stands in quotes: '\"\(first.text)\"'")
    }
    var right = text
    for token in unknown.reversed() { right.replaceSubrange(token.range, with: "item") }
    return .init(
      line: nil, message: "'\(first.text)' is nothing in an expression", help: "the item is 'item': write '\(right)'")
  }

  // MARK: Words

  private static func help(ofExpression tokens: [Substring]) -> String? {
    if tokens.first == "return" { return "leave out 'return': an expression is a value by itself" }
    for index in tokens.indices.dropFirst() where tokens[index] == "=" && following(index, in: tokens) != "=" {
      let sign = tokens[index - 1]
      if ["+", "-", "*", "/", "%", "."].contains(sign) {
        return "an expression changes nothing, it gives a value: write 'item \(sign == "." ? ".." : sign) …'"
      }
      if !["=", "~", "<", ">", "!"].contains(sign) { return "'==' compares; an expression changes nothing" }
    }
    if tokens.first == "if" { return "write 'condition and value or other'" }
    return nil
  }

  private static func foreignSign(_ tokens: [Substring]) -> String? {
    for (sign, next) in zip(tokens, tokens.dropFirst()) {
      switch (sign, next) {
      case ("!", "="): return "Lua writes '~=' for unequal"
      case ("&", "&"): return "Lua writes 'and' for '&&'"
      case ("|", "|"): return "Lua writes 'or' for '||'"
      case ("+", "+"): return "Lua has no '++': write 'x = x + 1'"
      case ("+", "="), ("-", "="), ("*", "="), ("/", "="), ("%", "="):
        return "Lua has no '\(sign)=': write 'x = x \(sign) …'"
      case (".", "="): return "Lua has no '..=': write 'x = x .. …'"
      case ("/", "/"): return "a comment begins with '--'"
      case ("=", ">"): return "write 'function(x) return … end'"
      default: break
      }
    }
    if tokens.contains("!") { return "Lua writes 'not' for '!'" }
    if tokens.contains("?") { return "write 'condition and value or other' for '? :'" }
    return nil
  }

  /// At the beginning of a line.
  private static let foreignWords = [
    "def": "a function begins with 'function name()' and ends with 'end'",
    "func": "a function begins with 'function name()' and ends with 'end'",
    "let": "write 'local'", "var": "write 'local'", "const": "write 'local'", "int": "write 'local'",
    "elif": "write 'elseif … then'", "elsif": "write 'elseif … then'", "import": "write 'require(\"…\")'",
    "try": "'pcall(f)' gives false and the error where 'f' raises one", "foreach": "write 'for key, x in pairs(t) do'",
    "#": "a comment begins with '--'",
  ]

  /// On one line.
  private static func hasElseIf(_ source: String) -> Bool {
    let tokens = LuaTokens(source).tokens
    return zip(tokens, tokens.dropFirst()).contains { $0.text == "else" && $1.text == "if" && $0.line == $1.line }
  }

  private static func expected(by message: String) -> String? {
    if message.hasPrefix("'then' expected") { return "write 'if … then … end'" }
    if message.hasPrefix("'do' expected") { return "write 'while … do … end', 'for … do … end'" }
    if message.hasPrefix("'end' expected") {
      return "a block that 'function', 'do' or 'then' begins is not closed: 'end' is missing"
    }
    if message.contains("near <eof>"), message.hasPrefix("syntax error") {
      return "a value by itself does nothing: call something, or assign it"
    }
    if message.hasSuffix("near <eof>") {
      return "the text ends too early: look for a '(' or a block that is not closed"
    }
    return message.contains("expected near '{'") || message.contains("symbol near '{'")
      ? "blocks have no braces: 'then … end', 'do … end', 'function() … end'" : nil
  }

  private static func following(_ index: Int, in tokens: [Substring]) -> Substring? {
    tokens.indices.contains(index + 1) ? tokens[index + 1] : nil
  }
}
