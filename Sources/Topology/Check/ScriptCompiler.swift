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

  func run(_ work: ProcessDeclaration.Work?, of owner: String) {
    guard case .script(let script)? = work, let problem = compiler?.problem(script.onLinesOfFile) else { return }
    let place = problem.line.map { script.place(ofLine: $0, near: Self.token(in: problem.message)) } ?? script.place
    findings.error(at: place, "script of \(owner): \(problem.message)", help: problem.help)
  }

  /// `… near 'x'`
  private static func token(in message: String) -> Substring? {
    guard let start = message.ranges(of: " near '").last?.upperBound, message.hasSuffix("'") else { return nil }
    let token = message[start...].dropLast()
    return token.isEmpty ? nil : token
  }
}
