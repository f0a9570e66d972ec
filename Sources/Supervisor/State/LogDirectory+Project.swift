internal import Glibc
package import Logs
internal import Platform
internal import SystemPackage

extension LogDirectory {
  /// Of a project's last run: `$XDG_STATE_HOME/mporch/NAME/logs`, or the same under `~/.local/state`.
  package init(ofProject project: String) { self.init(atPath: "\(Self.rootPath)/\(project)/logs") }

  /// As the status of a run has its path.
  package init(ofRun status: RunStatus) { self.init(atPath: status.logDirectory) }

  /// The root, the project's folder, and that of its logs are mporch's own.
  private init(atPath path: String) { self.init(FilePath(path), ownFolderCount: 3) }

  /// Those that have left logs, by name.
  package static func projectsWithLogs() -> [String] {
    guard let root = try? PrivateFolder(rootPath, create: false) else { return [] }
    return ((try? root.names()) ?? []).filter {
      !$0.hasPrefix(".") && (try? LogDirectory(ofProject: $0).instances())?.isEmpty == false
    }.sorted()
  }

  private static var rootPath: String {
    if let folder = getenv("XDG_STATE_HOME"), folder.pointee == UInt8(ascii: "/") {
      return String(cString: folder) + "/mporch"
    }
    if let home = getenv("HOME"), home.pointee == UInt8(ascii: "/") {
      return String(cString: home) + "/.local/state/mporch"
    }
    // Beside the folder of the runs, in which every name is that of a project.
    return "/tmp/mporch-\(geteuid())-state"
  }
}
