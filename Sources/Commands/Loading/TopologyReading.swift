import Glibc
import Topology
import Workers

/// Reads the topology that a command's arguments name, and shows what is wrong with it.
struct TopologyReading {
  struct Loaded {
    var topology: Topology
    /// As given, or as found.
    var files: [String]
  }

  private let request: TopologyRequest
  private let context: CommandContext

  init(_ request: TopologyRequest, in context: CommandContext) {
    self.request = request
    self.context = context
  }

  /// Shows every diagnostic on standard error; throws if the topology is invalid, or, to `run` it, has what this version
  /// can't run.
  func load(toRun run: Bool) throws -> Loaded {
    let files = try files()
    var result = read(files)
    if run, let topology = result.topology { result.diagnostics += Unsupported.diagnostics(of: topology) }
    let renderer = DiagnosticRenderer(
      sources: result.sources, usesColour: context.errorOutput.hasColour(context.environment))
    context.errorOutput.write(renderer.render(result.diagnostics))
    guard let topology = result.topology, !result.diagnostics.hasErrors else {
      throw SilentFailure(status: Self.failure(of: result))
    }
    return Loaded(topology: topology, files: files)
  }

  /// Shows nothing.
  func read(_ files: [String]) -> LoadResult {
    var load = LoadRequest(
      files: files, currentDirectory: TopologyFile.workingDirectory().string, environment: context.environment.values,
      processorCount: sysconf(Int32(_SC_NPROCESSORS_CONF)))
    load.environmentFiles = request.environmentFiles
    load.profiles = request.profiles
    load.projectName = request.project
    load.scale = request.scale
    return TopologyLoader.load(
      load, signatures: context.kinds.map { $0.signature }, access: .system, isFolder: TopologyFile.isFolder)
  }

  static func status(of result: LoadResult) -> ExitStatus {
    result.topology == nil || result.diagnostics.hasErrors ? failure(of: result) : .success
  }

  private static func failure(of result: LoadResult) -> ExitStatus {
    result.missingFiles.isEmpty ? .invalidTopology : .noSuchFile
  }

  /// As given, or as found.
  func files() throws(CommandFailure) -> [String] {
    if !request.files.isEmpty { return request.files }
    if let found = TopologyFile.inThisFolderOrAbove() { return [found] }
    throw CommandFailure(
      .noSuchFile, "there is no \(TopologyFile.defaultName), here or in a folder above",
      help: "name a file, or write one with 'mporch init'")
  }

  /// What the project of these files is called: as they say, or, where they are invalid, as they would by default.
  static func projectName(ofFiles files: [String], in context: CommandContext) -> String {
    let result = TopologyReading(TopologyRequest(files: files), in: context).read(files)
    return result.topology?.name ?? TopologyFile.defaultProjectName(of: files[0])
  }
}
