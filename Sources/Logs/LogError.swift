import Platform
import SystemPackage

/// An operation on the log folder, or on a file in it, that could not be done.
package struct LogError: Error, Equatable, CustomStringConvertible {
  /// In words that follow "can't": "open the log".
  package var operation: String
  package var path: FilePath
  package var cause: Cause

  package enum Cause: Equatable, Sendable {
    /// The system refused.
    case system(Errno)
    /// The log folder is not this user's alone.
    case folder(PrivateFolder.Failure)
  }

  init(operation: String, path: FilePath, errno: Errno) {
    (self.operation, self.path, cause) = (operation, path, .system(errno))
  }

  init(operation: String, path: FilePath, folder failure: PrivateFolder.Failure) {
    (self.operation, self.path) = (operation, path)
    if case .system(_, let errno) = failure { cause = .system(errno) } else { cause = .folder(failure) }
  }

  package var description: String {
    switch cause {
    case .system(let errno): "can't \(operation) '\(path)': \(errno.words)"
    case .folder(let failure): "can't \(operation) '\(path)': \(failure.words)"
    }
  }

  /// Runs calls that throw `Errno`, and names what was tried, on what.
  static func naming<Value>(
    _ operation: String, _ path: FilePath, _ body: () throws -> Value
  ) throws(LogError) -> Value {
    do {
      return try body()
    } catch let error as LogError {
      throw error
    } catch {
      throw LogError(operation: operation, path: path, errno: error as? Errno ?? .ioError)
    }
  }
}
