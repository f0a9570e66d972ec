import ArgumentParser

struct VersionCommand: Subcommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version of mporch.")

  func run(in context: CommandContext) -> ExitStatus {
    context.output.write("mporch \(Version.number)\n")
    return .success
  }
}

enum Version {
  /// By https://semver.org.
  static let number = "0.1.0"
}
