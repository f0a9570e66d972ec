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
