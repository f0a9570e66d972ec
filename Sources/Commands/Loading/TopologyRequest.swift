import Glibc
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
