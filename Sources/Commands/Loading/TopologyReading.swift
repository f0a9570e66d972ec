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

  private let options: TopologyOptions
  private let context: CommandContext

  private let scale: [String: Int]

  /// `scale`: instances of a process, instead of what the file says.
  init(_ options: TopologyOptions, scale: [String: Int] = [:], in context: CommandContext) {
    self.options = options
    self.scale = scale
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
  func read(_ files: [String]) -> LoadResult {
    var request = LoadRequest(
      files: files, currentDirectory: TopologyFile.workingDirectory().string, environment: context.environment.values,
      processorCount: sysconf(Int32(_SC_NPROCESSORS_CONF)))
    request.environmentFiles = options.environmentFiles
    request.profiles = options.profiles
    request.projectName = options.project
    request.scale = scale
    return TopologyLoader.load(request, kinds: context.kinds.map { $0.signature }, access: .system)
  }

  static func status(of result: LoadResult) -> ExitStatus {
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
