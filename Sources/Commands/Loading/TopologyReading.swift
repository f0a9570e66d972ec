import Supervisor
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
  /// Of what was read: a pipe can be read only once.
  private let record: FileRecord

  init(_ request: TopologyRequest, in context: CommandContext, record: FileRecord = FileRecord()) {
    self.request = request
    self.context = context
    self.record = record
  }

  /// Shows every diagnostic on standard error; throws if the topology is invalid.
  func load() throws -> Loaded {
    let files = try files()
    let result = read(files)
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
    request.load(
      files, environment: context.environment, signatures: context.kinds.map { $0.signature }, record: record)
  }

  /// Once more, in the supervisor, what its client has found right: of the texts that are in the record.
  static func load(
    _ start: StartRequest, kinds: [any Kind.Type], record: FileRecord
  ) throws(InvalidTopology) -> Topology {
    let request = TopologyRequest(
      files: start.files, project: start.projectName, profiles: start.profiles,
      environmentFiles: start.environmentFiles, scale: start.scale)
    let result = request.load(
      start.files, environment: start.environment.map { ProcessEnvironment($0) } ?? .current(),
      signatures: kinds.map { $0.signature }, currentDirectory: start.currentDirectory, record: record)
    guard let topology = result.topology else {
      let errors = result.diagnostics.filter { $0.severity == .error }
      var text = DiagnosticRenderer(sources: result.sources).render(errors)
      while text.last == "\n" { text.removeLast() }
      let refusal = Refusal(
        text, help: "a folder that it names has changed just now", exitCode: failure(of: result).code)
      throw InvalidTopology(refusal, errors: errors)
    }
    return topology
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
    if let found = try TopologyFile.inThisFolderOrAbove() { return [found] }
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
