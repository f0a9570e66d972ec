/// Compiles scripts without running them. The file format itself knows no Lua: whoever loads a file brings one along.
package struct ScriptCompiler: Sendable {
  package struct Problem: Sendable {
    /// Of the file; `nil`: no line is to blame.
    package var line: Int?
    package var message: String
    package var help: String?

    package init(line: Int?, message: String, help: String? = nil) {
      self.line = line
      self.message = message
      self.help = help
    }
  }

  /// What is wrong with a script whose first line is `firstLine` of its file; `nil`: nothing.
  package var problem: @Sendable (_ source: String, _ firstLine: Int) -> Problem?

  package init(problem: @escaping @Sendable (_ source: String, _ firstLine: Int) -> Problem?) {
    self.problem = problem
  }
}

/// Scripts of processes and pools, compiled.
struct ScriptCheck {
  let compiler: ScriptCompiler?
  let findings: Findings

  func run(_ work: ProcessDeclaration.Work?, of owner: String) {
    guard case .script(let source, let place)? = work, let problem = compiler?.problem(source, place.line) else {
      return
    }
    let at =
      problem.line.map { Self.place(ofLine: $0, near: Self.token(in: problem.message), in: source, at: place) } ?? place
    findings.error(at: at, "script of \(owner): \(problem.message)", help: problem.help)
  }

  /// The token, or all of the line of the file. A script that is no block is in one place.
  static func place(ofLine number: Int, near token: Substring?, in source: String, at place: Place) -> Place {
    guard place.column == place.endColumn else { return place }
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    // The end of the script is where its last line is.
    let last = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? 0
    let index = max(0, min(number - place.line, last))
    let line = lines.isEmpty ? "" : lines[index]
    let marked = token.flatMap { line.ranges(of: $0).last } ?? extent(of: line)
    let column = place.column + line.distance(from: line.startIndex, to: marked.lowerBound)
    return Place(
      file: place.file, line: place.line + index, column: column,
      endColumn: column + line.distance(from: marked.lowerBound, to: marked.upperBound))
  }

  /// `… near 'x'`
  private static func token(in message: String) -> Substring? {
    guard let start = message.ranges(of: " near '").last?.upperBound, message.hasSuffix("'") else { return nil }
    let token = message[start...].dropLast()
    return token.isEmpty ? nil : token
  }

  /// Without the white space around it.
  private static func extent(of line: Substring) -> Range<Substring.Index> {
    let start = line.firstIndex { !$0.isWhitespace } ?? line.startIndex
    let end = line.lastIndex { !$0.isWhitespace }.map { line.index(after: $0) } ?? line.startIndex
    return start..<max(start, end)
  }
}
