import ArgumentParser
import Workers

/// A command as a user types it: parses its arguments, asks those who know, and shows the answer.
protocol Subcommand: ParsableCommand {
  func run(in context: CommandContext) throws -> ExitStatus
  /// Whether what it prints is all that it does: then it fails where that can't be written.
  var isItsOutput: Bool { get }
}

extension Subcommand {
  var isItsOutput: Bool { true }
}

/// What a command may reach besides its arguments.
struct CommandContext {
  /// The kinds that a topology can name: the built-in ones, and those that the executable adds.
  var kinds: [any Kind.Type]
  var environment: ProcessEnvironment
  var output: OutputStream
  var errorOutput: OutputStream

  /// The form in which a command speaks to a program.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json
  }
}
