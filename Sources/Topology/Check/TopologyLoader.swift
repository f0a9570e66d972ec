/// What a command asks for: which files, under which settings.
package struct LoadRequest: Sendable {
  /// As the user gave them, merged left to right; the first one's folder and stem count.
  package var files: [String]
  /// What the first one's folder is called; `nil`: as its path says.
  package var folderName: String?
  /// Absolute: what relative paths in `files` and `environmentFiles` start from.
  package var currentDirectory: String
  /// The first file is no file but a stream, which lies in no folder: it counts as one of the current directory, and is
  /// named for that.
  package var isStream = false
  /// Of the process that asks: for `${VAR}` and for variables that `environment` passes on.
  package var environment: [String: String]
  /// `--env-file`; a later one wins.
  package var environmentFiles: [String]
  /// `--profile`; `*` enables all.
  package var profiles: [String]
  /// `--scale P=N`: instances of a process instead of its `replicas`.
  package var scale: [String: Int]
  /// `-p`: instead of the file's own name.
  package var projectName: String?
  /// Processors of the machine: those from 0 to below it exist.
  package var processorCount: Int

  package init(
    files: [String], currentDirectory: String, environment: [String: String] = [:], environmentFiles: [String] = [],
    profiles: [String] = [], scale: [String: Int] = [:], projectName: String? = nil, processorCount: Int
  ) {
    self.files = files
    self.currentDirectory = currentDirectory
    self.environment = environment
    self.environmentFiles = environmentFiles
    self.profiles = profiles
    self.scale = scale
    self.projectName = projectName
    self.processorCount = processorCount
  }
}

/// What came of it.
package struct LoadResult: Sendable {
  /// `nil` if there is an error among `diagnostics`.
  package var topology: Topology?
  /// All findings, in order of file, line and column.
  package var diagnostics: [Diagnostic]
  /// The texts that they speak of.
  package var sources: Sources
  /// Topology files and `--env-file`s that do not exist (exit code 66); each has its diagnostic too.
  package var missingFiles: [String]
}

/// Files → a validated topology, or all that is wrong with them. Pure but for the closures.
package struct TopologyLoader {
  private let request: LoadRequest
  private let signatures: [KindSignature]
  private let isFolder: (String) -> Bool
  private let scripts: ScriptCompiler?
  private let findings = Findings()
  private let files: SettingsFiles
  /// Absolute folder of the first file.
  private let directory: String

  /// `isFolder` is asked of absolute paths that a process is to run in. Without `scripts` no script is compiled.
  package static func load(
    _ request: LoadRequest, signatures: [KindSignature], access: FileAccess, isFolder: @escaping (String) -> Bool,
    scripts: ScriptCompiler? = nil
  ) -> LoadResult {
    TopologyLoader(request, signatures, access, isFolder, scripts).load(access)
  }

  private init(
    _ request: LoadRequest, _ signatures: [KindSignature], _ access: FileAccess,
    _ isFolder: @escaping (String) -> Bool, _ scripts: ScriptCompiler?
  ) {
    self.scripts = scripts
    self.request = request
    self.signatures = signatures
    self.isFolder = isFolder
    files = SettingsFiles(access: access, findings: findings)
    directory = PathText.absolute(request.directory, in: request.currentDirectory)
  }

  private func load(_ access: FileAccess) -> LoadResult {
    let environment = files.environment(
      request.environmentFiles, directory: request.directory, over: request.environment)
    let document = DocumentLoader.load(files: request.files, environment: environment, access: access)
    for diagnostic in document.diagnostics { findings.add(diagnostic) }
    let topology = document.root.flatMap { decode($0, environment) }
    var sources = document.sources
    for source in files.sources { sources.add(source) }
    return LoadResult(
      topology: findings.hasErrors ? nil : topology, diagnostics: findings.diagnostics.inOrder(of: sources),
      sources: sources, missingFiles: document.missingFiles + files.missing)
  }

  private func decode(_ root: Node, _ environment: [[String: String]]) -> Topology? {
    guard case .mapping(let entries) = root.content else {
      findings.wrong(root, "a topology", mustBe: "a map with 'processes'")
      return nil
    }
    let fields = Fields<TopLevelKey>(
      entries, owner: "the topology", ownerPlace: root.place, findings: findings, isFree: { $0.hasPrefix("x-") },
      elsewhere: MisplacedKeys.atTheTop)
    let header = HeaderDecoder(request: request, fields: fields, findings: findings)
    var topology = Topology(
      name: header.name(folder: request.folderName ?? PathText.lastComponent(of: directory)), files: request.files,
      directory: directory,
      failFast: fields.boolean(.failFast), logging: header.logging())
    var settings = ProcessDecoder.Settings(
      request: request, directory: directory, environment: environment, isFolder: isFolder)
    var variables = Variables()
    EnvironmentDecoder(files: files, settings: settings, fields: fields)
      .read(files: .environmentFile, .environment, into: &variables)
    settings.variables = variables.all
    topology.environment = variables.all
    let body = BodyDecoder(
      sections: entries, processes: header.processes(), unknown: fields.unknown, settings: settings, files: files,
      signatures: signatures,
      scripts: ScriptCheck(compiler: scripts, findings: findings), findings: findings)
    (topology.resources, topology.processes) = body.decode()
    return topology
  }
}

extension LoadRequest {
  /// The folder that the first file is in, as its path gives it.
  fileprivate var directory: String { isStream ? "." : PathText.directory(of: files.first ?? ".") }
}
