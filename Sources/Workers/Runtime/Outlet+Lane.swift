internal import Sharing
internal import Topology

extension Outlet {
  /// One bound resource with what waits to be published to it.
  struct Lane {
    var port: OutputPort
    var type: ItemType
    var buffer: RecordBuffer
    var resourceName: String
  }
}

extension Outlet.Lane {
  func put(_ bytes: UnsafeRawBufferPointer) throws {
    if case .number = type { throw mismatch("text") }
    buffer.beginRecord()
    if type == .any { buffer.addCBORHead(major: 3, UInt64(bytes.count)) }
    buffer.add(bytes)
    try finish()
  }

  func put(_ value: Int64) throws {
    switch type {
    case .any:
      buffer.beginRecord()
      buffer.addCBORHead(major: value < 0 ? 1 : 0, UInt64(bitPattern: value < 0 ? ~value : value))
      try finish()
    case .number(let element):
      guard element.encode(value, into: buffer) else { throw mismatch("\(value)") }
    case .string, .bytes: throw mismatch("\(value)")
    }
  }

  /// Above `Int64.max`.
  func put(_ value: UInt64) throws {
    switch type {
    case .any:
      buffer.beginRecord()
      buffer.addCBORHead(major: 0, value)
      try finish()
    case .number(.uint64): buffer.appendFixed(value)
    case .number(.float32), .number(.float64): try put(Double(value))
    case .number, .string, .bytes: throw mismatch("\(value)")
    }
  }

  func put(_ value: Double) throws {
    switch type {
    case .any:
      buffer.beginRecord()
      buffer.addBigEndian(0xFB, value.bitPattern)
      try finish()
    case .number(let element):
      guard element.encode(value, into: buffer) else { throw mismatch("\(value)") }
    case .string, .bytes: throw mismatch("\(value)")
    }
  }

  func put(_ item: Item) throws {
    switch (type, item) {
    case (_, .int(let value)): try put(value)
    case (_, .unsigned(let value)): try put(value)
    case (_, .float(let value)): try put(value)
    case (_, .string(var text)): try text.withUTF8 { try put(UnsafeRawBufferPointer($0)) }
    case (.any, _):
      var encoded: [UInt8] = []
      CBOREncoder.append(item, to: &encoded)
      buffer.beginRecord()
      encoded.withUnsafeBytes { buffer.add($0) }
      try finish()
    case (.string, .bytes(let bytes)), (.bytes, .bytes(let bytes)): try bytes.withUnsafeBytes { try put($0) }
    case (.number(.bool), .bool(let value)): buffer.appendFixed(UInt8(value ? 1 : 0))
    default: throw mismatch(item.json)
    }
  }

  func put(record: UnsafeRawBufferPointer) throws {
    guard case .number(let element) = type else {
      buffer.beginRecord()
      buffer.add(record)
      return try finish()
    }
    guard record.count == element.byteCount else { throw mismatch("an item of \(record.count) bytes") }
    buffer.appendRaw(record)
  }

  /// As it is where the types are the same, else converted.
  @inline(__always)
  func put(record: UnsafeRawBufferPointer, of type: ItemType) throws {
    if type == self.type {
      try put(record: record)
    } else if let text = ItemView(record, type).text, !ItemView(record, type).isBytes {
      try put(text)
    } else {
      try put(Item(record: record, type: type))
    }
  }

  @inline(__always)
  private func finish() throws {
    let payload = buffer.openPayloadByteCount
    if payload > port.itemByteLimit {
      buffer.cancelRecord()
      throw tooLarge(payload)
    }
    buffer.finishRecord()
  }

  func tooLarge(_ byteCount: Int, orMore: Bool = false) -> KindFailure {
    KindFailure(
      "an item of \(byteCount) bytes\(orMore ? " or more" : "") is larger than '\(resourceName)' takes "
        + "(bytes: \(port.itemByteLimit))",
      help: "raise the 'bytes' of '\(resourceName)'")
  }

  private func mismatch(_ value: String) -> KindFailure {
    KindFailure(
      "'\(resourceName)' holds \(type.name) items and can't take \(value)",
      help: "put such items only, or declare '\(resourceName)' with another 'type'")
  }
}

extension ElementType {
  /// False: out of the type's range.
  func encode(_ value: Int64, into buffer: RecordBuffer) -> Bool {
    func put<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Bool {
      guard let exact = Value(exactly: value) else { return false }
      buffer.appendFixed(exact)
      return true
    }
    switch self {
    case .bool: return false
    case .int8: return put(Int8.self)
    case .int16: return put(Int16.self)
    case .int32: return put(Int32.self)
    case .int64: return put(Int64.self)
    case .uint8: return put(UInt8.self)
    case .uint16: return put(UInt16.self)
    case .uint32: return put(UInt32.self)
    case .uint64: return put(UInt64.self)
    case .float32: buffer.appendFixed(Float(value))
    case .float64: buffer.appendFixed(Double(value))
    }
    return true
  }

  func encode(_ value: Double, into buffer: RecordBuffer) -> Bool {
    switch self {
    case .float64:
      buffer.appendFixed(value)
      return true
    case .float32:
      let narrow = Float(value)
      guard narrow.isFinite || !value.isFinite else { return false }
      buffer.appendFixed(narrow)
      return true
    case .uint64:
      guard let exact = UInt64(exactly: value) else { return false }
      buffer.appendFixed(exact)
      return true
    default:
      guard let exact = Int64(exactly: value) else { return false }
      return encode(exact, into: buffer)
    }
  }
}
