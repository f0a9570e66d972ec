import ArgumentParser
import Topology

/// Which topology a command reads, and with which settings.
struct TopologyOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp(
      "The topology. Without it: mporch.yaml here, or in the nearest folder above.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var path: String?

  @Option(
    name: [.customShort("f"), .customLong("file")], parsing: .singleValue,
    help: ArgumentHelp("A topology; repeat it to merge several, left to right.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  @Option(
    name: [.customShort("p"), .customLong("project-name")],
    help: ArgumentHelp("Run it under this name instead of its own.", valueName: "name"))
  var project: String?

  @Option(
    name: .customLong("profile"),
    help: ArgumentHelp(
      "Take in the processes of this profile too; repeat it for several. By default: MPORCH_PROFILES.",
      valueName: "profile"))
  var profiles: [String] = []

  @Option(
    name: .customLong("env-file"),
    help: ArgumentHelp(
      "Variables for ${…}, after those of the environment and before '.env'; repeat it for several.", valueName: "file"),
    completion: .file())
  var environmentFiles: [String] = []

  var request: TopologyRequest {
    TopologyRequest(
      files: path.map { [$0] } ?? files, project: project, profiles: profiles, environmentFiles: environmentFiles)
  }

  func validate() throws {
    try ProjectName.check(project)
    guard let path, !files.isEmpty else { return }
    throw ValidationError(
      "'\(path)' and '-f \(files[0])' both name a topology; to merge them write -f \(path) -f \(files[0])")
  }
}
