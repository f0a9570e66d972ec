import Glibc
import Supervisor
import Topology
import Workers

/// Which topology is meant, and with which settings.
struct TopologyRequest {
  /// As given; empty: `mporch.yaml` here or above.
  var files: [String]
  /// Instead of the file's own name.
  var project: String?
  /// Of the command line; empty: those of the environment.
  var profiles: [String] = []
  var environmentFiles: [String] = []
  /// Instances of a process, instead of what the file says.
  var scale: [String: Int] = [:]

  /// Reads `files` from the file system, but for what `record` has already.
  func load(
    _ files: [String], environment: ProcessEnvironment, signatures: [KindSignature],
    currentDirectory: String? = nil, record: FileRecord = FileRecord()
  ) -> LoadResult {
    let folder = currentDirectory ?? TopologyFile.workingDirectory().string
    var load = LoadRequest(
      files: files, currentDirectory: folder, environment: environment.values,
      processorCount: sysconf(Int32(_SC_NPROCESSORS_CONF)))
    load.environmentFiles = environmentFiles
    load.profiles = profiles.isEmpty ? environment.profiles : profiles
    load.projectName = project
    load.folderName = files.first.flatMap { TopologyFile.folderName(of: $0, from: folder) }
    load.scale = scale
    load.isStream = files.first.map { TopologyFile.descriptor(of: $0) != nil } ?? false
    return TopologyLoader.load(
      load, signatures: signatures, access: record.access(over: .system(from: folder)), isFolder: TopologyFile.isFolder,
      scripts: Scripting.compiler)
  }
}

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
