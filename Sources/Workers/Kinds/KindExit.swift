/// Ends the worker with an exit code of its choice.
public struct KindExit: Error {
  /// 0 to 255.
  public var code: Int32
  public init(code: Int32) { self.code = code }
}
