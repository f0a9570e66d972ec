/// The files that a topology was made of, as they were when they were read: with these it can be made again, with other
/// settings, whatever has become of them.
package final class FileRecord {
  private var contents: [String: Result<[UInt8], FileAccess.Failure>] = [:]

  package init() {}

  /// What is known is known; the rest is read by `other`, and known from then on.
  package func access(over other: FileAccess) -> FileAccess {
    FileAccess { [self] path, byteLimit in
      if let known = contents[path] { return known }
      let read = other.read(path, byteLimit)
      contents[path] = read
      return read
    }
  }
}
