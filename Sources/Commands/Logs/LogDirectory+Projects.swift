import Glibc
import Logs
import Supervisor
import SystemPackage

extension LogDirectory {
  /// Those that have left logs, by name.
  static func projectsWithLogs() -> [String] {
    // Any name gives the folder that holds all of them.
    let root = LogDirectory(ofProject: "x").path.removingLastComponent().removingLastComponent()
    guard let folder = root.withPlatformString({ opendir($0) }) else { return [] }
    defer { closedir(folder) }
    var projects: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      let instances = name.hasPrefix(".") ? [] : (try? LogDirectory(ofProject: name).instances()) ?? []
      if !instances.isEmpty { projects.append(name) }
    }
    return projects.sorted()
  }
}
