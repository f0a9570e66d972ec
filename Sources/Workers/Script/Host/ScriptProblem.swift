#if Lua
  internal import Topology

  /// An error of the compiler in the form of a diagnostic.
  enum ScriptProblem {
    /// What the compiler takes for the file's name.
    static let file = "script"

    /// `nil`: `compile` found nothing.
    static func found(_ compile: (ScriptState) throws(ScriptState.Failure) -> Void) -> ScriptCompiler.Problem? {
      do {
        try compile(ScriptState())
        return nil
      } catch let failure as ScriptState.Failure {
        return problem(failure)
      } catch {
        return problem(.outOfMemory)
      }
    }

    private static func problem(_ failure: ScriptState.Failure) -> ScriptCompiler.Problem {
      guard case .error(let text) = failure else { return .init(line: nil, message: "not enough memory to compile it") }
      // `script:17: unexpected symbol near 'x'`
      let parts = text.split(separator: ":", maxSplits: 2)
      guard parts.count == 3, let line = Int(parts[1]) else { return .init(line: nil, message: text) }
      return .init(line: line, message: String(parts[2].drop { $0 == " " }))
    }
  }
#endif
