internal import Sharing
package import Topology

/// Scripts, or, in a build without Lua, what is said instead.
package enum Scripting {
  /// Of a script's `with`: the most bytes that its state may take.
  static let memoryParameter = "memory"

  #if Lua
    package static let compiler = ScriptCompiler { text in
      let chunk = ScriptChunk(text: text, file: ScriptProblem.file)
      return ScriptProblem.found { state throws(ScriptState.Failure) in try state.compile(chunk) }
    }

    /// `nil`: it compiles.
    static func problem(ofExpression text: String) -> ScriptCompiler.Problem? {
      ScriptProblem.found { state throws(ScriptState.Failure) in try state.define(expression: text) }
    }

    static func run(_ script: Script, in process: WorkerProcess) -> (WorkerEntry.Verdict, Int32) {
      let chunk = ScriptChunk(text: script.onLinesOfFile, file: script.place.file)
      return ScriptProcess(process).run(.script(chunk))
    }

    /// A pool's worker, whose tasks a kind answers.
    static func serve(
      _ kind: any Kind.Type, _ arguments: Arguments, in process: WorkerProcess
    ) throws -> (WorkerEntry.Verdict, Int32) {
      guard let function = try KindFunction(kind, arguments) else {
        throw KindFailure("kind '\(kind.signature.name)' is no function of a task", isForGood: true)
      }
      return ScriptProcess(process).run(.function(function))
    }
  #else
    package static let compiler = ScriptCompiler { _ in missing }

    static func problem(ofExpression text: String) -> ScriptCompiler.Problem? { missing }

    static func run(_ script: Script, in process: WorkerProcess) -> (WorkerEntry.Verdict, Int32) {
      process.report("\(script.place): error: \(missing.message)")
      return (.failed, 1)
    }

    static func serve(
      _ kind: any Kind.Type, _ arguments: Arguments, in process: WorkerProcess
    ) throws -> (WorkerEntry.Verdict, Int32) {
      throw KindFailure("a pool's workers need scripts: \(missing.message)", isForGood: true)
    }

    /// Of a script and of a kind that has an expression.
    static let missing = ScriptCompiler.Problem(
      line: nil, message: "this mporch was built without Lua",
      help: "install liblua5.4-dev and build mporch again with 'swift build --traits Lua'")
  #endif
}
