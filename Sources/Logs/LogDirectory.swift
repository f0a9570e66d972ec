import Glibc
import Platform
import SystemPackage

/// The folder of a run's logs: `count-2.log` for each instance, `count-2.log.1` and up for what was rotated
/// (the newest is 1), and `mporch.log` for mporch's own words.
package struct LogDirectory: Sendable, Equatable {
  /// The name under which mporch's own words are kept; no instance can have it, as theirs end in a number.
  package static let ownInstance = "mporch"

  package let path: FilePath
  /// How many folders at the end of the path are mporch's own: what others have a hand in is not taken for them.
  private let ownFolderCount: Int

  package init(_ path: FilePath, ownFolderCount: Int = 1) {
    self.path = path
    self.ownFolderCount = ownFolderCount
  }

  package func file(of instance: String) -> FilePath { file(of: instance, index: 0) }

  func file(of instance: String, index: Int) -> FilePath {
    path.appending(index == 0 ? "\(instance).log" : "\(instance).log.\(index)")
  }

  /// Makes the folder, and those above it that are missing, for this user only.
  package func create() throws(PrivateFolder.Failure) {
    var parent = path
    for _ in 0..<ownFolderCount { parent.removeLastComponent() }
    try Self.create(parent)
    _ = try open(create: true)
  }

  /// The folder itself, if those that are mporch's own are this user's alone.
  package func open(create: Bool = false) throws(PrivateFolder.Failure) -> PrivateFolder {
    let names = path.components.suffix(ownFolderCount).map(\.string)
    var parent = path
    for _ in 1..<ownFolderCount { parent.removeLastComponent() }
    var folder = try PrivateFolder(parent.string, create: create)
    for name in names.dropFirst() { folder = try PrivateFolder(name, in: folder, create: create) }
    return folder
  }

  /// Removes all logs of an earlier run; whatever else lies in the folder stays.
  package func clear() throws(PrivateFolder.Failure) {
    let folder = try open()
    for name in try folder.names() where Entry(fileName: name) != nil { folder.remove(name) }
  }

  /// Those that have a log, `count-2` before `count-10`.
  package func instances() throws(LogError) -> [String] {
    Set(try entries().map(\.instance)).sorted { Self.naturalKey($0) < Self.naturalKey($1) }
  }

  func entries() throws(LogError) -> [Entry] {
    do {
      return try open().names().compactMap(Entry.init(fileName:))
    } catch {
      throw LogError(operation: "read the log folder", path: path, folder: error)
    }
  }

  private static func naturalKey(_ instance: String) -> (Substring, Int) {
    guard let dash = instance.lastIndex(of: "-"), let replica = Int(instance[instance.index(after: dash)...]) else {
      return (instance[...], 0)
    }
    return (instance[..<dash], replica)
  }

  private static func create(_ path: FilePath, makesParents: Bool = true) throws(PrivateFolder.Failure) {
    let status = path.withPlatformString { mkdir($0, 0o700) }
    guard status != 0 else { return }
    switch Errno.last {
    case .fileExists: return
    case .noSuchFileOrDirectory where makesParents && path.lastComponent != nil:
      try create(path.removingLastComponent())
      // If it is missing still, it is no folder: a link to nowhere, say.
      try create(path, makesParents: false)
    case let errno: throw .system(path: path.string, errno)
    }
  }

  /// A file of this folder that holds log lines.
  struct Entry: Hashable {
    var instance: String
    /// 0 is being written; the higher, the older.
    var index: Int

    init?(fileName: String) {
      let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 2, parts.count <= 3, !parts[0].isEmpty, parts[1] == "log" else { return nil }
      instance = String(parts[0])
      guard parts.count == 3 else {
        index = 0
        return
      }
      guard let index = Int(parts[2]), index > 0, String(index) == parts[2] else { return nil }
      self.index = index
    }
  }
}

extension Errno {
  /// The reason of the call that failed last on this thread.
  static var last: Errno { Errno(rawValue: errno) }
}
