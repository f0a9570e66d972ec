import ArgumentParser
import Glibc
import Platform
import Supervisor
import SystemPackage
public import Workers

/// The command line of mporch.
public enum Commands {
  /// Runs the command that this process was started with, and ends the process.
  ///
  /// An executable with kinds of its own calls `Commands.main(kinds: Catalogue.builtIn + [MyKind.self])` as the first
  /// thing that it does: the supervisor of a run is the same executable, started once more, and has to have but one
  /// thread.
  public static func main(kinds: [any Kind.Type] = Catalogue.builtIn) -> Never {
    CurrentProcess.openMissingStandardStreams()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == SupervisorLaunch.hiddenArgument {
      let source = TopologySource(managedServer: Scripting.managedServer) { request, record throws(InvalidTopology) in
        try TopologyReading.load(request, kinds: kinds, record: record)
      }
      SupervisorMain.run(kinds: kinds, source: source)
    }
    // 'up' says the same by its exit code however early it is asked to end.
    if arguments.first == "up" { CurrentProcess.leave(on: UpSession.watchedSignals) }
    // A reader that has gone is an error of one write, not the end of a run.
    CurrentProcess.ignoreFailingWrites()
    let context = CommandContext(
      kinds: kinds, environment: .current(), output: OutputStream(.standardOutput),
      errorOutput: OutputStream(.standardError))
    exit(run(arguments, in: context).code)
  }

  private static func run(_ arguments: [String], in context: CommandContext) -> ExitStatus {
    do {
      let arguments = CommandNames.withoutOwnName(arguments)
      try CommandNames.check(arguments)
      var command = try Mporch.parseAsRoot(arguments)
      guard let subcommand = command as? any Subcommand else {
        try command.run()
        return .success
      }
      let status = try subcommand.run(in: context)
      if subcommand.isItsOutput, let failure = context.output.failure {
        throw CommandFailure("the standard output can't be written: \(failure)")
      }
      return status
    } catch let failure as CommandFailure {
      context.errorOutput.write(failure.description)
      return failure.status
    } catch let failure as SilentFailure {
      return failure.status
    } catch {
      return show(error, in: context)
    }
  }

  /// What the parser of arguments has to say: help and completions too, which are answers.
  private static func show(_ error: any Error, in context: CommandContext) -> ExitStatus {
    let status = ExitStatus(code: Mporch.exitCode(for: error).rawValue)
    let text = Mporch.fullMessage(for: error).replacingPrefix("Error: ", with: "mporch: error: ")
    if !text.isEmpty { (status == .success ? context.output : context.errorOutput).write(text + "\n") }
    return status
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
