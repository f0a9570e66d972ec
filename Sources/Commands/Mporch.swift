import ArgumentParser
import Topology

/// The tree of commands.
struct Mporch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mporch",
    abstract: "Run processes that work on shared memory, as a file declares them.",
    discussion: """
      A topology is a YAML file: queues, pipes, locks, values and arrays, and the processes that share them. 'mporch up' \
      checks it, lays out the memory, starts the processes, shows what they print, and ends when they have.

      Begin with:
        mporch init     a small topology
        mporch up       run it
        mporch tasks    what a process can do

      Exit codes:
        0  all succeeded             66   no such file
        1  a process failed          69   resources could not be had
       64  bad usage                130   after Ctrl-C, 143 after SIGTERM,
       65  invalid topology               129 after the terminal was closed
      """,
    version: "mporch \(Version.number)",
    groupedSubcommands: [
      CommandGroup(
        name: "Run a topology:",
        subcommands: [InitCommand.self, UpCommand.self, DownCommand.self, WaitCommand.self]),
      CommandGroup(
        name: "See what happens:",
        subcommands: [
          PsCommand.self, TopCommand.self, LogsCommand.self, InspectCommand.self, WhyCommand.self, TapCommand.self,
          EventsCommand.self,
          LsCommand.self,
        ]),
      CommandGroup(
        name: "Touch what processes share:", subcommands: [GetCommand.self, PutCommand.self, SetCommand.self]),
      CommandGroup(
        name: "Act on a process:",
        subcommands: [
          RestartCommand.self, StopCommand.self, StartCommand.self, KillCommand.self, ScaleCommand.self,
        ]),
      CommandGroup(
        name: "Understand a topology:",
        subcommands: [
          CheckCommand.self, ConfigCommand.self, GraphCommand.self, SchemaCommand.self, TasksCommand.self,
          VersionCommand.self,
        ]),
    ])
}

/// Finds the mistyped command before the parser, which would only call it unexpected.
enum CommandNames {
  static let all = Mporch.configuration.subcommands.map { $0._commandName }

  /// `help mporch up` is `help up`.
  static func withoutOwnName(_ arguments: [String]) -> [String] {
    arguments.starts(with: ["help", Mporch._commandName]) ? ["help"] + arguments.dropFirst(2) : arguments
  }

  static func check(_ arguments: [String]) throws(CommandFailure) {
    var arguments = arguments[...]
    if arguments.first == "help" { arguments = arguments.dropFirst() }
    guard let name = arguments.first, !name.hasPrefix("-"), name != "help", !all.contains(name) else { return }
    let help = nearest(to: name, among: all).map { "did you mean 'mporch \($0)'?" }
    throw CommandFailure(
      .usage, "there is no command '\(name)'", help: help ?? "the commands are \(all.joined(separator: ", "))")
  }
}
