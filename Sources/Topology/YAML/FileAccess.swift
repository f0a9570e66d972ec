/// How the loader reaches files: the module itself makes no system calls.
package struct FileAccess {
  package enum Failure: Error, Equatable {
    case notFound
    /// Over the limit that was asked for; need not have been read.
    case tooLarge
    /// Anything else, in the system's words: a folder, no permission, an error of the disk.
    case unreadable(reason: String)
  }

  /// The content of the file at a path, which has at most so many bytes.
  package var read: (_ path: String, _ byteLimit: Int) -> Result<[UInt8], Failure>

  package init(read: @escaping (_ path: String, _ byteLimit: Int) -> Result<[UInt8], Failure>) {
    self.read = read
  }
}

/// The files that a topology was made of, as they were when they were read: with these it can be made again, with other
/// settings, whatever has become of them.
package final class FileRecord {
  package typealias Content = Result<[UInt8], FileAccess.Failure>

  /// By path.
  package private(set) var contents: [String: Content]

  package init(_ contents: [String: Content] = [:]) { self.contents = contents }

  /// What is known is known; the rest is read by `other`, and known from then on.
  package func access(over other: FileAccess) -> FileAccess {
    FileAccess { [self] path, byteLimit in
      if let known = contents[path] { return known }
      let read = bounded(other.read(path, byteLimit))
      contents[path] = read
      return read
    }
  }

  /// They go from one process to another in one message.
  private func bounded(_ read: Content) -> Content {
    guard case .success(let bytes) = read, byteCount + bytes.count > DocumentLimits.recordByteCount else { return read }
    return .failure(
      .unreadable(
        reason: "with the files before it, it is more than \(DocumentLimits.recordByteCount >> 20) MiB"))
  }

  private var byteCount: Int { contents.values.reduce(0) { $0 + ((try? $1.get())?.count ?? 0) } }
}
