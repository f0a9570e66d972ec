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
    let bits = loadBits()
    return switch type {
    case .bool: .bool(bits != 0)
    case .float32, .float64: .float(floatingPoint(bits))
    case .uint64: Int64(exactly: bits).map(Literal.int) ?? .unsigned(bits)
    default: .int(narrow(bits))
    }
  }

  /// For people: of a float32 the shortest text of its own.
  var display: String {
    if type == .float32 { return Float(loadFloat()).description }
    return Item(load()).display
  }

  /// An integral float goes into an integer, an integer into a float.
  public func store(_ value: Literal) throws {
    let bits: UInt64? =
      switch value {
      case .bool(let flag): type == .bool ? (flag ? 1 : 0) : nil
      case .int(let value): self.bits(Int128(value))
      case .unsigned(let value): self.bits(Int128(value))
      case .float(let value): type.isFloatingPoint ? self.bits(value) : Int128(exactly: value).flatMap(self.bits)
      case .null, .string, .list, .map: nil
      }
    guard let bits else { throw OutOfRange(value: Item(value).display, type: type) }
    storeBits(bits)
  }

  /// In one step, of what is there then: `new` is called again where another process comes between.
  func update(_ new: (_ bits: UInt64) throws -> UInt64) rethrows {
    var old = loadBits()
    while true {
      let (exchanged, seen) = compareExchange(old, try new(old))
      if exchanged { return }
      old = seen
    }
  }

  // MARK: Integers (a bool is 0 or 1)

  /// Not of a uint64, which may be above 2^63-1.
  public func loadInt() -> Int64 { narrow(loadBits()) }

  public func storeInt(_ value: Int64) throws { try store(.int(value)) }

  /// The new value; an error, and no change, where it would be out of range, or above 2^63-1.
  @discardableResult
  public func addInt(_ value: Int64) throws -> Int64 {
    var sum: Int64 = 0
    try update { old in
      guard let new = bits(adding: Int128(value), to: old) else { throw outOfRange(adding: "\(value)", to: old) }
      guard let result = Int64(exactly: integer(new)) else {
        throw OutOfRange(value: "\(integer(old)) + \(value)", type: .int64)
      }
      sum = result
      return new
    }
    return sum
  }

  /// The bits behind an addition; `nil`: out of the type's range.
  func bits(adding value: Int128, to old: UInt64) -> UInt64? {
    // All but the largest numbers of a uint64 go without wide arithmetic.
    guard type != .uint64, let value = Int64(exactly: value) else { return bits(integer(old) + value) }
    let (sum, overflows) = narrow(old).addingReportingOverflow(value)
    return overflows ? nil : bits(Int128(sum))
  }

  func outOfRange(adding value: String, to old: UInt64) -> OutOfRange {
    OutOfRange(value: (type.isFloatingPoint ? "\(floatingPoint(old))" : "\(integer(old))") + " + " + value, type: type)
  }

  /// A number's bits as this type holds them; `nil`: out of its range.
  private func bits(_ value: Int128) -> UInt64? {
    func exact<Value: FixedWidthInteger>(_ type: Value.Type) -> UInt64? {
      Value(exactly: value).map { UInt64(truncatingIfNeeded: $0) }
    }
    return switch type {
    case .bool: value == 0 || value == 1 ? UInt64(value) : nil
    case .int8: exact(Int8.self)
    case .int16: exact(Int16.self)
    case .int32: exact(Int32.self)
    case .int64: exact(Int64.self)
    case .uint8: exact(UInt8.self)
    case .uint16: exact(UInt16.self)
    case .uint32: exact(UInt32.self)
    case .uint64: exact(UInt64.self)
    case .float32: UInt64(Float(value).bitPattern)
    case .float64: Double(value).bitPattern
    }
  }

  private func integer(_ bits: UInt64) -> Int128 { type == .uint64 ? Int128(bits) : Int128(narrow(bits)) }

  /// For all integers but uint64.
  private func narrow(_ bits: UInt64) -> Int64 {
    switch type {
    case .int8: Int64(Int8(truncatingIfNeeded: bits))
    case .int16: Int64(Int16(truncatingIfNeeded: bits))
    case .int32: Int64(Int32(truncatingIfNeeded: bits))
    case .int64: Int64(bitPattern: bits)
    case .bool, .uint8, .uint16, .uint32: Int64(bits)
    case .uint64, .float32, .float64: preconditionFailure("a \(type.rawValue) taken for an int64")
    }
  }

  // MARK: Floating point: float32 and float64

  public func loadFloat() -> Double { floatingPoint(loadBits()) }

  /// Rounded to the type; an error where that makes an infinity of a finite number.
  public func storeFloat(_ value: Double) throws {
    guard let bits = bits(value) else { throw OutOfRange(value: "\(value)", type: type) }
    storeBits(bits)
  }

  /// The new value; an error, and no change, where finite numbers would make an infinity.
  @discardableResult
  public func addFloat(_ value: Double) throws -> Double {
    var sum = 0.0
    try update { old in
      guard let new = bits(adding: value, to: old) else { throw outOfRange(adding: "\(value)", to: old) }
      sum = floatingPoint(new)
      return new
    }
    return sum
  }

  func bits(adding value: Double, to old: UInt64) -> UInt64? {
    let number = floatingPoint(old)
    let sum = number + value
    return sum.isInfinite && number.isFinite && value.isFinite ? nil : bits(sum)
  }

  private func bits(_ value: Double) -> UInt64? {
    precondition(type.isFloatingPoint, "a float stored in a value of type \(type.rawValue)")
    guard type == .float32 else { return value.bitPattern }
    let narrow = Float(value)
    return narrow.isInfinite && value.isFinite ? nil : UInt64(narrow.bitPattern)
  }

  private func floatingPoint(_ bits: UInt64) -> Double {
    type == .float32 ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
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
