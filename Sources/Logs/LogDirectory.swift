import Glibc
import SystemPackage

/// The folder of a run's logs: `count-2.log` for each instance, `count-2.log.1` and up for what was rotated
/// (the newest is 1), and `mporch.log` for mporch's own words.
package struct LogDirectory: Sendable, Equatable {
  /// The name under which mporch's own words are kept; no instance can have it, as theirs end in a number.
  package static let ownInstance = "mporch"

  package let path: FilePath

  package init(_ path: FilePath) { self.path = path }

  package func file(of instance: String) -> FilePath { file(of: instance, index: 0) }

  func file(of instance: String, index: Int) -> FilePath {
    path.appending(index == 0 ? "\(instance).log" : "\(instance).log.\(index)")
  }

  /// Makes the folder, and those above it that are missing, for this user only.
  package func create() throws(LogError) {
    try Self.create(path)
    let status = path.withPlatformString { chmod($0, 0o700) }
    guard status == 0 else { throw LogError(operation: "make private the log folder", path: path, errno: .last) }
  }

  /// Removes all logs of an earlier run; whatever else lies in the folder stays.
  package func clear() throws(LogError) {
    for entry in try entries() {
      let file = file(of: entry.instance, index: entry.index)
      let status = file.withPlatformString { unlink($0) }
      guard status == 0 || Errno.last == .noSuchFileOrDirectory else {
        throw LogError(operation: "remove the old log", path: file, errno: .last)
      }
    }
  }

  /// Those that have a log, `count-2` before `count-10`.
  package func instances() throws(LogError) -> [String] {
    Set(try entries().map(\.instance)).sorted { Self.naturalKey($0) < Self.naturalKey($1) }
  }

  func entries() throws(LogError) -> [Entry] {
    guard let folder = path.withPlatformString({ opendir($0) }) else {
      throw LogError(operation: "read the log folder", path: path, errno: .last)
    }
    defer { closedir(folder) }
    var found: [Entry] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let log = Entry(fileName: name) { found.append(log) }
    }
    return found
  }

  private static func naturalKey(_ instance: String) -> (Substring, Int) {
    guard let dash = instance.lastIndex(of: "-"), let replica = Int(instance[instance.index(after: dash)...]) else {
      return (instance[...], 0)
    }
    return (instance[..<dash], replica)
  }

  private static func create(_ path: FilePath, makesParents: Bool = true) throws(LogError) {
    let status = path.withPlatformString { mkdir($0, 0o700) }
    guard status != 0 else { return }
    switch Errno.last {
    case .fileExists: return
    case .noSuchFileOrDirectory where makesParents && path.lastComponent != nil:
      try create(path.removingLastComponent())
      // If it is missing still, it is no folder: a link to nowhere, say.
      try create(path, makesParents: false)
    case let errno: throw LogError(operation: "create the log folder", path: path, errno: errno)
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
