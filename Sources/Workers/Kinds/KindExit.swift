/// Ends the worker with an exit code of its own choice; nothing more is said of it.
public struct KindExit: Error {
  /// 0 … 255.
  public var code: Int32
  public init(code: Int32) { self.code = code }
}
