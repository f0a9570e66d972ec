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

  /// What is wrong with a script, laid out on the lines of its file; `nil`: nothing.
  package var problem: @Sendable (_ text: String) -> Problem?

  package init(problem: @escaping @Sendable (_ text: String) -> Problem?) {
    self.problem = problem
  }
}

/// Scripts of processes and pools, compiled.
struct ScriptCheck {
  let compiler: ScriptCompiler?
  let findings: Findings

  /// `false`, and reported: a script that does not.
  func compiles(_ work: ProcessDeclaration.Work?, of owner: String) -> Bool {
    guard case .script(let script)? = work, let problem = compiler?.problem(script.onLinesOfFile) else { return true }
    let place = problem.line.map { script.place(ofLine: $0, near: Self.token(in: problem.message)) } ?? script.place
    let line = problem.line.flatMap { line in
      script.onLinesOfFile.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(line - 1).first
    }
    let help = problem.help ?? LuaHelp.help(ofProblem: problem.message, in: line ?? "", of: script.source)
    findings.error(at: place, "script of \(owner): \(problem.message)", help: help)
    return false
  }

  /// `… near 'x'`
  private static func token(in message: String) -> Substring? {
    guard let start = message.ranges(of: " near '").last?.upperBound, message.hasSuffix("'") else { return nil }
    let token = message[start...].dropLast()
    return token.isEmpty ? nil : token
  }
}
