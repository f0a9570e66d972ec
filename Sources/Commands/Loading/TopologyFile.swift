import Glibc
import SystemPackage

/// The paths of topologies.
enum TopologyFile {
  static let defaultName = "mporch.yaml"

  /// `mporch.yaml` here or in the nearest folder above, as a relative path.
  static func inThisFolderOrAbove() -> String? {
    var depth = workingDirectory().components.count
    var path = FilePath(defaultName)
    while true {
      if exists(path) { return path.string }
      guard depth > 0 else { return nil }
      path = FilePath("..").pushing(path)
      depth -= 1
    }
  }

  /// The absolute path of a file that a user gave.
  static func existing(_ path: String) throws(CommandFailure) -> String {
    guard exists(FilePath(path)) else {
      throw CommandFailure(
        .noSuchFile, "there is no file '\(path)'", help: "'mporch ls' lists the runs with their files")
    }
    return absolute(path)
  }

  /// Without symbolic links, `.` and `..`, so that two names of one file are one; as it is, if there is no such file.
  static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return workingDirectory().pushing(FilePath(path)).string }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The stem of a file, or the name of the folder that `mporch.yaml` is in; `path` is absolute.
  static func defaultProjectName(of path: String) -> String {
    let path = FilePath(path)
    let folder = path.removingLastComponent().lastComponent?.string
    return path.lastComponent?.string == defaultName ? folder ?? "mporch" : path.stem ?? "mporch"
  }

  /// What the folder of a file is called; the path may lead there by `..` or a link.
  static func folderName(of file: String, from folder: String) -> String? {
    FilePath(absolute(FilePath(folder).pushing(FilePath(file)).removingLastComponent().string)).lastComponent?.string
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func workingDirectory() -> FilePath {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return FilePath(platformString: path)
  }

  private static func exists(_ path: FilePath) -> Bool { path.withPlatformString { access($0, F_OK) } == 0 }
}
