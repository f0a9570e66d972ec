/// `${VAR}` and its kin in a scalar's text, as in Compose:
/// `${V:-d}` (unset or empty: d), `${V-d}` (unset: d), `${V:?m}` and `${V?m}` (else: fail with m), `${V:+o}` and `${V+o}`
/// (o where it is set); d, m and o may hold more of them. `$${` is a literal `${`; any other `$` is itself.
enum Substitution {
  struct Problem: Equatable {
    var message: String
    var help: String
    /// Which of the text's `${` it is, from 0; `$${` counts too.
    var ordinal: Int
    /// All of it as written, `${` … `}`; to the end of the text where it is not closed.
    var reference: String
  }

  struct Result {
    /// A reference that has a problem stands for nothing in it.
    var text: String
    var problems: [Problem]
  }

  /// `false` for most scalars, which hold no `$`.
  static func mayApply(to text: String) -> Bool { text.utf8.contains(UInt8(ascii: "$")) }

  static func expand(_ text: String, byteLimit: Int, lookup: @escaping (String) -> String?) -> Result {
    var expansion = Expansion(bytes: Array(text.utf8), byteLimit: byteLimit, lookup: lookup)
    return expansion.run()
  }

  /// `$NAME` and `$$NAME`, each once: what programs replace that know no braces.
  static func plainVariables(in text: String) -> [String] {
    var found: [String] = []
    var rest = text.utf8[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      let signs = rest[dollar...].prefix { $0 == UInt8(ascii: "$") }.count
      let name = rest[dollar...].dropFirst(signs).prefix { isOfName($0, first: false) }
      rest = rest[name.endIndex...]
      guard let first = name.first, isOfName(first, first: true) else { continue }
      let word = String(repeating: "$", count: min(signs, 2)) + String(decoding: name, as: UTF8.self)
      if !found.contains(word) { found.append(word) }
    }
    return found
  }

  fileprivate static func isOfName(_ byte: UInt8, first: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): !first
    default: false
    }
  }

  /// Where each `${` of a text begins.
  static func references(in text: String) -> [String.Index] {
    let bytes = text.utf8
    return bytes.indices.filter {
      bytes[$0] == UInt8(ascii: "$") && bytes[$0...].dropFirst().first == UInt8(ascii: "{")
    }
  }
}

/// One text being expanded, in one pass; what is not chosen (a default of a set variable) is read over, not evaluated.
private struct Expansion {
  let bytes: [UInt8]
  let byteLimit: Int
  let lookup: (String) -> String?
  private var index = 0
  private var output: [UInt8] = []
  private var problems: [Substitution.Problem] = []
  /// Its end is not where a `}` would be, and that is reported.
  private var isBroken = false

  init(bytes: [UInt8], byteLimit: Int, lookup: @escaping (String) -> String?) {
    self.bytes = bytes
    self.byteLimit = byteLimit
    self.lookup = lookup
  }

  mutating func run() -> Substitution.Result {
    takeText(depth: 0, isChosen: true)
    if output.count > byteLimit {
      output = []
      problems = [
        problem(
          at: 0, "substitution makes more than \(DocumentLimits.substitutedByteCount >> 20) MiB of text",
          help: "give large values in a file, by 'env_file' or a path")
      ]
    }
    return Substitution.Result(text: String(decoding: output, as: UTF8.self), problems: problems)
  }

  /// Up to the end, or, inside of a reference, to its `}`, which is not taken.
  private mutating func takeText(depth: Int, isChosen: Bool) {
    while index < bytes.count {
      if depth > 0, bytes[index] == UInt8(ascii: "}") { return }
      if has("$${") {
        index += 3
        if isChosen { append("${".utf8) }
      } else if has("${") {
        takeReference(depth: depth + 1, isChosen: isChosen)
      } else {
        if isChosen { append(CollectionOfOne(bytes[index])) }
        index += 1
      }
    }
  }

  private mutating func takeReference(depth: Int, isChosen: Bool) {
    let start = index
    guard depth <= DocumentLimits.substitutionDepth else {
      report(
        at: start, "'${' is nested more than \(DocumentLimits.substitutionDepth) levels deep",
        help: "nest fewer defaults")
      index = bytes.count
      isBroken = true
      return
    }
    index += 2
    let name = takeName()
    let operation = takeOperation()
    guard !name.isEmpty, let operation else {
      skipToClose(depth: depth)
      return reportForm(at: start, name: name)
    }
    evaluate(operation, of: name, from: start, depth: depth, isChosen: isChosen)
    guard index < bytes.count else {
      if !isBroken { report(at: start, "'${' is never closed", help: "close it by '}'") }
      isBroken = true
      return
    }
    index += 1
  }

  private mutating func evaluate(_ operation: Operation, of name: String, from start: Int, depth: Int, isChosen: Bool) {
    let value = lookup(name)
    let counts = value != nil && !(operation.emptyIsUnset && value == "")
    switch operation.action {
    case .require:
      if isChosen, let value { append(value.utf8) }
      if isChosen, value == nil, index < bytes.count { reportUnset(name, at: start) }
    case .orDefault:
      if isChosen, counts, let value { append(value.utf8) }
      takeText(depth: depth, isChosen: isChosen && !counts)
    case .alternative:
      takeText(depth: depth, isChosen: isChosen && counts)
    case .orFail:
      if isChosen, counts, let value { append(value.utf8) }
      let outputCount = output.count
      takeText(depth: depth, isChosen: isChosen && !counts)
      if isChosen, !counts {
        let message = String(decoding: output[min(outputCount, output.count)...], as: UTF8.self)
        output.removeLast(output.count - outputCount)
        reportRequired(name, message: message, isEmpty: value != nil, at: start)
      }
    }
  }

  // MARK: Parts

  private struct Operation {
    var action: Action
    /// Those with a colon.
    var emptyIsUnset: Bool
    enum Action { case require, orDefault, orFail, alternative }
  }

  private mutating func takeName() -> String {
    let start = index
    while index < bytes.count, Substitution.isOfName(bytes[index], first: index == start) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// `nil`: something that is none. A `}` is not taken.
  private mutating func takeOperation() -> Operation? {
    let emptyIsUnset = has(":")
    if emptyIsUnset { index += 1 }
    guard index < bytes.count else { return Operation(action: .require, emptyIsUnset: false) }
    let action: Operation.Action
    switch bytes[index] {
    case UInt8(ascii: "}") where !emptyIsUnset: return Operation(action: .require, emptyIsUnset: false)
    case UInt8(ascii: "-"): action = .orDefault
    case UInt8(ascii: "?"): action = .orFail
    case UInt8(ascii: "+"): action = .alternative
    default: return nil
    }
    index += 1
    return Operation(action: action, emptyIsUnset: emptyIsUnset)
  }

  private mutating func skipToClose(depth: Int) {
    takeText(depth: depth, isChosen: false)
    if index < bytes.count { index += 1 }
  }

  private func has(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

  /// One byte past the limit is enough to know.
  private mutating func append(_ text: some Collection<UInt8>) {
    if output.count <= byteLimit { output.append(contentsOf: text) }
  }

  // MARK: Problems

  private mutating func reportUnset(_ name: String, at start: Int) {
    report(
      at: start, "variable '\(name)' is not set",
      help: "set it, give a default by '${\(name):-default}', or write '$${\(name)}' for a literal '${\(name)}'")
  }

  private mutating func reportRequired(_ name: String, message: String, isEmpty: Bool, at start: Int) {
    let state = isEmpty ? "is empty" : "is not set"
    report(
      at: start, "variable '\(name)' \(state)" + (message.isEmpty ? "" : ": \(message)"),
      help: "set it in the environment, by '--env-file' or in '.env' beside the file")
  }

  private mutating func reportForm(at start: Int, name: String) {
    let message = name.isEmpty ? "a variable's name must follow '${'" : "'${\(name)' is followed by an unknown operator"
    report(
      at: start, message,
      help:
        "the forms are ${V}, ${V:-default}, ${V-default}, ${V:?message}, ${V:+other}; write '$${' for a literal '${'")
  }

  private mutating func report(at start: Int, _ message: String, help: String) {
    guard problems.count < DocumentLimits.errorCount else { return }
    problems.append(problem(at: start, message, help: help))
  }

  private func problem(at start: Int, _ message: String, help: String) -> Substitution.Problem {
    let before = bytes[..<start]
    let ordinal = zip(before, bytes.dropFirst()).count { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
    return Substitution.Problem(message: message, help: help, ordinal: ordinal, reference: reference(at: start))
  }

  /// Braces are counted as `takeText` does.
  private func reference(at start: Int) -> String {
    var depth = 0
    var end = start
    while end < bytes.count {
      if bytes[end...].starts(with: "${".utf8) { depth += 1 }
      if bytes[end] == UInt8(ascii: "}") { depth -= 1 }
      end += 1
      if depth == 0, end > start + 1 { break }
    }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
