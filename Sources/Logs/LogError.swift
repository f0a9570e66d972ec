import SystemPackage

/// An operation on the log folder, or on a file in it, that the system refused.
package struct LogError: Error, Equatable, CustomStringConvertible {
  /// In words that follow "can't": "open the log".
  package var operation: String
  package var path: FilePath
  package var errno: Errno

  package var description: String { "can't \(operation) '\(path)': \(errno)" }

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
