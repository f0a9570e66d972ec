internal import Synchronization
public import Topology

/// A number that processes share. Loads, stores and additions are atomic.
public struct SharedValue: @unchecked Sendable {
  // Sendable: a place in shared memory; only atomics touch it.
  public let type: ElementType
  private let place: UnsafeMutableRawPointer

  init(type: ElementType, at place: UnsafeMutableRawPointer) {
    self.type = type
    self.place = place
  }

  /// The value does not fit its type.
  public struct OutOfRange: Error, CustomStringConvertible {
    public var value: String
    public var type: ElementType
    public var description: String { "\(value) is out of the range of \(type.rawValue)" }
  }

  // MARK: Any number

  public func load() -> Literal {
    switch type {
    case .bool: .bool(loadInt() != 0)
    case .float32, .float64: .float(loadFloat())
    case .uint64: Int64(exactly: loadBits()).map(Literal.int) ?? .unsigned(loadBits())
    default: .int(loadInt())
    }
  }

  public func store(_ value: Literal) throws {
    switch value {
    case .bool(let flag) where type == .bool: try storeInt(flag ? 1 : 0)
    case .int(let value): try storeInt(value)
    case .unsigned(let value) where type == .uint64: storeBits(value)
    case .float(let value) where type.isFloatingPoint: storeFloat(value)
    case .float(let value):
      guard let exact = Int64(exactly: value) else { throw OutOfRange(value: "\(value)", type: type) }
      try storeInt(exact)
    default: throw OutOfRange(value: "\(value)", type: type)
    }
  }

  // MARK: Integers (a bool is 0 or 1)

  public func loadInt() -> Int64 { integer(loadBits()) }

  public func storeInt(_ value: Int64) throws {
    guard let bits = bits(value) else { throw OutOfRange(value: "\(value)", type: type) }
    storeBits(bits)
  }

  /// The new value; an error, and no change, where it would be out of range.
  @discardableResult
  public func addInt(_ value: Int64) throws -> Int64 {
    var old = loadBits()
    while true {
      // What no Int64 is can't be added to here.
      if type == .uint64, old > UInt64(Int64.max) { throw OutOfRange(value: "\(old) + \(value)", type: .int64) }
      let (sum, overflow) = integer(old).addingReportingOverflow(value)
      guard !overflow, let new = bits(sum) else {
        throw OutOfRange(value: "\(integer(old)) + \(value)", type: type)
      }
      let (exchanged, seen) = compareExchange(old, new)
      if exchanged { return sum }
      old = seen
    }
  }

  /// The bits behind an addition; `nil`: out of the type's range.
  func bits(adding value: Int64, to old: UInt64) -> UInt64? {
    if type == .uint64 { return UInt64(exactly: Int128(old) + Int128(value)) }
    let (sum, overflow) = integer(old).addingReportingOverflow(value)
    return overflow ? nil : bits(sum)
  }

  /// A number's bits as this type holds them; `nil`: out of its range.
  private func bits(_ value: Int64) -> UInt64? {
    func exact<Value: FixedWidthInteger>(_ type: Value.Type) -> UInt64? {
      Value(exactly: value).map { UInt64(truncatingIfNeeded: $0) }
    }
    switch type {
    case .bool: return value == 0 || value == 1 ? UInt64(value) : nil
    case .int8: return exact(Int8.self)
    case .int16: return exact(Int16.self)
    case .int32: return exact(Int32.self)
    case .int64: return UInt64(bitPattern: value)
    case .uint8: return exact(UInt8.self)
    case .uint16: return exact(UInt16.self)
    case .uint32: return exact(UInt32.self)
    case .uint64: return exact(UInt64.self)
    case .float32: return UInt64(Float(value).bitPattern)
    case .float64: return Double(value).bitPattern
    }
  }

  /// A uint64 above 2^63-1 is that.
  func integer(_ bits: UInt64) -> Int64 {
    switch type {
    case .int8: Int64(Int8(truncatingIfNeeded: bits))
    case .int16: Int64(Int16(truncatingIfNeeded: bits))
    case .int32: Int64(Int32(truncatingIfNeeded: bits))
    case .int64: Int64(bitPattern: bits)
    case .uint64: Int64(clamping: bits)
    case .float32, .float64: Int64(floatingPoint(bits))
    case .bool, .uint8, .uint16, .uint32: Int64(bits)
    }
  }

  // MARK: Floating point

  public func loadFloat() -> Double { floatingPoint(loadBits()) }

  public func storeFloat(_ value: Double) { storeBits(bits(value)) }

  /// For float32 and float64; the new value.
  @discardableResult
  public func addFloat(_ value: Double) -> Double {
    var old = loadBits()
    while true {
      let sum = floatingPoint(old) + value
      let (exchanged, seen) = compareExchange(old, bits(sum))
      if exchanged { return sum }
      old = seen
    }
  }

  /// For float32 and float64.
  func bits(adding value: Double, to old: UInt64) -> UInt64 { bits(floatingPoint(old) + value) }

  private func bits(_ value: Double) -> UInt64 {
    precondition(type.isFloatingPoint, "a float stored in a value of type \(type.rawValue)")
    return type == .float32 ? UInt64(Float(value).bitPattern) : value.bitPattern
  }

  private func floatingPoint(_ bits: UInt64) -> Double {
    switch type {
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: Double(bitPattern: bits)
    default: Double(integer(bits))
    }
  }

  /// For who holds the value's lock, and a `Value` of exactly its type (Int32 for int32, …).
  func place<Value: BitwiseCopyable>(as type: Value.Type) -> UnsafeMutablePointer<Value> {
    precondition(MemoryLayout<Value>.size == self.type.byteCount)
    return place.assumingMemoryBound(to: type)
  }

  // MARK: Bits, by width

  private func atomic<Bits: AtomicRepresentable>(_ type: Bits.Type) -> UnsafeMutablePointer<Atomic<Bits>> {
    place.assumingMemoryBound(to: Atomic<Bits>.self)
  }

  // Acquire and release: what was written before a store is visible to whoever loads what it stored.
  func loadBits() -> UInt64 {
    switch type.byteCount {
    case 1: UInt64(atomic(UInt8.self).pointee.load(ordering: .acquiring))
    case 2: UInt64(atomic(UInt16.self).pointee.load(ordering: .acquiring))
    case 4: UInt64(atomic(UInt32.self).pointee.load(ordering: .acquiring))
    default: atomic(UInt64.self).pointee.load(ordering: .acquiring)
    }
  }

  package func storeBits(_ bits: UInt64) {
    switch type.byteCount {
    case 1: atomic(UInt8.self).pointee.store(UInt8(truncatingIfNeeded: bits), ordering: .releasing)
    case 2: atomic(UInt16.self).pointee.store(UInt16(truncatingIfNeeded: bits), ordering: .releasing)
    case 4: atomic(UInt32.self).pointee.store(UInt32(truncatingIfNeeded: bits), ordering: .releasing)
    default: atomic(UInt64.self).pointee.store(bits, ordering: .releasing)
    }
  }

  private func compareExchange(_ old: UInt64, _ new: UInt64) -> (exchanged: Bool, seen: UInt64) {
    switch type.byteCount {
    case 1:
      let outcome = atomic(UInt8.self).pointee.compareExchange(
        expected: UInt8(truncatingIfNeeded: old), desired: UInt8(truncatingIfNeeded: new),
        ordering: .acquiringAndReleasing)
      return (outcome.exchanged, UInt64(outcome.original))
    case 2:
      let outcome = atomic(UInt16.self).pointee.compareExchange(
        expected: UInt16(truncatingIfNeeded: old), desired: UInt16(truncatingIfNeeded: new),
        ordering: .acquiringAndReleasing)
      return (outcome.exchanged, UInt64(outcome.original))
    case 4:
      let outcome = atomic(UInt32.self).pointee.compareExchange(
        expected: UInt32(truncatingIfNeeded: old), desired: UInt32(truncatingIfNeeded: new),
        ordering: .acquiringAndReleasing)
      return (outcome.exchanged, UInt64(outcome.original))
    default:
      let outcome = atomic(UInt64.self).pointee.compareExchange(
        expected: old, desired: new, ordering: .acquiringAndReleasing)
      return (outcome.exchanged, outcome.original)
    }
  }
}

/// Numbers in a row that processes share.
public struct SharedArray: @unchecked Sendable {
  // Sendable: a place in shared memory; who touches which element when is settled by the topology.
  public let type: ElementType
  public let count: Int
  private let elements: UnsafeMutableRawBufferPointer

  package init(type: ElementType, count: Int, elements: UnsafeMutableRawBufferPointer) {
    self.type = type
    self.count = count
    self.elements = elements
  }

  /// One of them, from 0; its loads, stores and additions are atomic.
  package func element(_ index: Int) -> SharedValue {
    SharedValue(type: type, at: elements.baseAddress! + index * type.byteCount)
  }

  /// The elements in place, for `Element` of exactly `type` (Int32 for int32, …); racing accesses are the user's choice.
  public func withElements<Element: BitwiseCopyable, Result>(
    as type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    precondition(MemoryLayout<Element>.size == self.type.byteCount)
    return try body(elements.bindMemory(to: Element.self))
  }
}
