import Supervisor
import SystemPackage
import Topology
import Workers

/// Reads the topology that a command's arguments name, and shows what is wrong with it.
struct TopologyReading {
  struct Loaded {
    var topology: Topology
    /// As given, or as found.
    var files: [String]
  }

  private let options: TopologyOptions
  private let context: CommandContext

  init(_ options: TopologyOptions, in context: CommandContext) {
    self.options = options
    self.context = context
  }

  /// Shows every diagnostic on standard error; throws if the topology is invalid.
  func load() throws -> Loaded {
    let files = try files()
    let result = read(files)
    let renderer = DiagnosticRenderer(
      sources: result.sources, usesColour: context.errorOutput.hasColour(context.environment))
    context.errorOutput.write(renderer.render(result.diagnostics))
    guard let topology = result.topology else { throw SilentFailure(status: Self.status(of: result)) }
    return Loaded(topology: topology, files: files)
  }

  /// Shows nothing.
  func read(_ files: [String]) -> TopologyLoader.Result {
    TopologyLoader.load(
      files: files, projectName: options.project, environment: context.environment.values,
      environmentFiles: options.environmentFiles, profiles: options.profiles,
      kinds: context.kinds.map { $0.signature }, access: .system)
  }

  static func status(of result: TopologyLoader.Result) -> ExitStatus {
    if !result.missingFiles.isEmpty { return .noSuchFile }
    return result.topology == nil ? .invalidTopology : .success
  }

  /// As given, or as found.
  func files() throws(CommandFailure) -> [String] {
    if let path = options.path { return [path] }
    if !options.files.isEmpty { return options.files }
    if let found = TopologyFile.inThisFolderOrAbove() { return [found] }
    throw CommandFailure(
      .noSuchFile, "there is no \(TopologyFile.defaultName), here or in a folder above",
      help: "name a file, or write one with 'mporch init'")
  }
}
