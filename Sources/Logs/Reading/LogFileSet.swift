import Glibc
import Platform
import SystemPackage

/// The files of one instance, from the oldest (the highest index) to the one being written (0).
///
/// Walked with one file open at a time, while the writer may rename all of them at any moment: every step is checked
/// afterwards, and done again if a rotation came between.
struct LogFileSet {
  enum Newer {
    /// This is the one being written.
    case none
    case next(OpenLogFile)
    /// The file was removed; this is the oldest one left, and others between the two may be gone too.
    case afterGap(OpenLogFile)
  }

  /// Rotations that may come between before a step is left for later.
  private static let maxAttempts = 100

  let directory: LogDirectory
  let instance: String

  /// `nil` if there is no log.
  func oldest() throws -> OpenLogFile? {
    for _ in 0..<Self.maxAttempts {
      guard let highest = try indices().last else { return nil }
      if let file = try open(highest), identity(at: highest + 1) == nil { return file }
    }
    return nil
  }

  /// `nil` if there is no log.
  func newest() throws -> OpenLogFile? {
    for _ in 0..<Self.maxAttempts {
      if let file = try open(0) { return file }
      guard let lowest = try indices().first else { return nil }
      if let file = try open(lowest) { return file }
    }
    return nil
  }

  func newer(than file: OpenLogFile) throws -> Newer {
    for _ in 0..<Self.maxAttempts {
      if try file.isRemoved() { return try oldest().map { .afterGap($0) } ?? .none }
      guard try find(file) else { continue }
      if file.index == 0 { return .none }
      let lower = try firstFile(at: stride(from: file.index - 1, through: 0, by: -1))
      if let lower, isNext(lower, to: file) { return .next(lower) }
      // The file was renamed, and its name is not taken again yet.
      if lower == nil, identity(at: file.index) == file.identity { return .none }
    }
    return .none
  }

  /// `nil` if there is none.
  func older(than file: OpenLogFile) throws -> OpenLogFile? {
    for _ in 0..<Self.maxAttempts {
      if try file.isRemoved() { return nil }
      guard try find(file) else { continue }
      // An index more than the listing shows: it may have missed a file that was renamed meanwhile.
      let highest = (try indices().last ?? 0) + 1
      let higher = try firstFile(at: stride(from: file.index + 1, through: max(highest, file.index + 2), by: 1))
      if let higher, isNext(higher, to: file) { return higher }
      if higher == nil, identity(at: file.index) == file.identity { return nil }
    }
    return nil
  }

  private func firstFile(at indices: StrideThrough<Int>) throws -> OpenLogFile? {
    for index in indices {
      if let file = try open(index) { return file }
    }
    return nil
  }

  /// Whether no file was between the two when `found` was opened. While a rotation is under way one index is missing;
  /// that it still is afterwards shows that nothing was renamed past us.
  private func isNext(_ found: OpenLogFile, to file: OpenLogFile) -> Bool {
    let between = min(found.index, file.index) + 1..<max(found.index, file.index)
    return between.allSatisfy { identity(at: $0) == nil } && identity(at: file.index) == file.identity
  }

  /// Brings the file's index up to date; false if it was renamed meanwhile.
  private func find(_ file: OpenLogFile) throws -> Bool {
    if identity(at: file.index) == file.identity { return true }
    for index in try indices() where index > file.index && identity(at: index) == file.identity {
      file.index = index
      return true
    }
    return false
  }

  /// Lowest first.
  private func indices() throws -> [Int] {
    try directory.entries().filter { $0.instance == instance }.map(\.index).sorted()
  }

  private func open(_ index: Int) throws -> OpenLogFile? {
    do {
      return try OpenLogFile(directory.file(of: instance, index: index), index: index)
    } catch Errno.noSuchFileOrDirectory {
      return nil
    }
  }

  private func identity(at index: Int) -> FileIdentity? {
    var status = stat()
    let result = directory.file(of: instance, index: index).withPlatformString { stat($0, &status) }
    return result == 0 ? FileIdentity(status) : nil
  }
}

/// What stays the same when a file is renamed.
struct FileIdentity: Hashable {
  private let device: UInt
  private let inode: UInt

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
  }
}

/// One file of a rotated set, open for reading; closed with its last reference. While it is open no other file gets
/// its identity.
final class OpenLogFile {
  let descriptor: FileDescriptor
  let identity: FileIdentity
  let path: FilePath
  /// Under which it was last found. Rotation makes it higher, nothing makes it lower.
  var index: Int

  init(_ path: FilePath, index: Int) throws {
    descriptor = FileDescriptor(rawValue: try PlainFile.open(path.string, O_RDONLY))
    self.path = path
    self.index = index
    identity = FileIdentity(try Self.status(of: descriptor))
  }

  deinit { try? descriptor.close() }

  /// Whether rotation, or a new run, has removed it.
  func isRemoved() throws -> Bool { try Self.status(of: descriptor).st_nlink == 0 }

  func byteCount() throws -> Int { Int(try Self.status(of: descriptor).st_size) }

  private static func status(of descriptor: FileDescriptor) throws -> stat {
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno.last }
    return status
  }
}
