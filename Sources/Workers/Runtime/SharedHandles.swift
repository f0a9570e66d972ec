// Handles that Sharing will provide (package/public): signatures for now.
public import Topology

public struct SharedValue {
  public var type: ElementType { fatalError() }
  /// Atomic. Number in, checked against the type's range.
  public func load() -> Literal { fatalError() }
  public func store(_ value: Literal) throws { fatalError() }
  /// Integer types except uint64 fit; floats for float types.
  public func loadInt() -> Int64 { fatalError() }
  public func storeInt(_ value: Int64) throws { fatalError() }
  public func addInt(_ value: Int64) throws -> Int64 { fatalError() }
  public func loadFloat() -> Double { fatalError() }
  public func storeFloat(_ value: Double) { fatalError() }
  public func addFloat(_ value: Double) -> Double { fatalError() }
}

public struct SharedArray {
  public var type: ElementType { fatalError() }
  public var count: Int { fatalError() }
  /// The elements in place, for `Element` of exactly `type` (Int32 for int32, …); racing accesses are the user's choice.
  public func withElements<Element: BitwiseCopyable, Result>(
    as type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
  ) rethrows -> Result { fatalError() }
}

public struct SharedLock {
  public func acquire() throws { fatalError() }
  public func release() throws { fatalError() }
}
