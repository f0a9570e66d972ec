import ArgumentParser
import Topology

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
