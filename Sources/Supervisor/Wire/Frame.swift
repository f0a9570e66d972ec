/// The unit of the attach connection, both ways: a header of 24 bytes, little-endian, and a payload.
///
///     offset 0  UInt32  bytes of the payload
///            4  UInt8   kind: 1 message (JSON), 2 output
///            5  UInt8   output: stream, 1 stdout, 2 stderr
///            8  UInt32  output: index of the instance in `accepted`
///           16  Int64   output: when it was read, nanoseconds since 1970
///
/// Output is raw: chunks as they were read from the worker's pipe, cut anywhere; an empty payload is the stream's end.
package struct FrameHeader: Sendable, Equatable {
  package static let byteCount = 24
  /// A longer frame is a broken peer.
  package static let maxPayloadByteCount = 64 << 20

  package var payloadByteCount: Int
  package var kind: Kind

  package enum Kind: Sendable, Equatable {
    case message
    case output(instance: Int, stream: OutputStream, time: Int64)
  }

  package enum OutputStream: UInt8, Sendable, Hashable, CaseIterable {
    case stdout = 1
    case stderr = 2
  }

  package init(payloadByteCount: Int, kind: Kind) {
    self.payloadByteCount = payloadByteCount
    self.kind = kind
  }
}

/// The peer sent what is no frame.
package struct BrokenFrame: Error {}

extension FrameHeader {
  package var encoded: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.byteCount)
    bytes.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: UInt32(payloadByteCount).littleEndian, toByteOffset: 0, as: UInt32.self)
      switch kind {
      case .message:
        bytes[4] = 1
      case .output(let instance, let stream, let time):
        bytes[4] = 2
        bytes[5] = stream.rawValue
        bytes.storeBytes(of: UInt32(instance).littleEndian, toByteOffset: 8, as: UInt32.self)
        bytes.storeBytes(of: time.littleEndian, toByteOffset: 16, as: Int64.self)
      }
    }
    return bytes
  }

  /// `nil`: there are not enough bytes yet.
  init?(_ bytes: UnsafeRawBufferPointer) throws(BrokenFrame) {
    guard bytes.count >= Self.byteCount else { return nil }
    payloadByteCount = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
    guard payloadByteCount <= Self.maxPayloadByteCount else { throw BrokenFrame() }
    switch (bytes[4], OutputStream(rawValue: bytes[5])) {
    case (1, _):
      kind = .message
    case (2, let stream?):
      kind = .output(
        instance: Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))), stream: stream,
        time: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: Int64.self)))
    default:
      throw BrokenFrame()
    }
  }
}

/// Finds the frames in what arrives in pieces.
package struct FrameDecoder {
  private var buffered: [UInt8] = []

  package init() {}

  /// Calls `body` with every frame that `bytes` completes; the payload is lent for the call.
  package mutating func feed(
    _ bytes: UnsafeRawBufferPointer, _ body: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    if buffered.isEmpty {
      let used = try Self.frames(in: bytes, body)
      buffered.append(contentsOf: bytes[used...])
    } else {
      buffered.append(contentsOf: bytes)
      let used = try buffered.withUnsafeBytes { try Self.frames(in: $0, body) }
      buffered.removeSubrange(..<used)
    }
  }

  private static func frames(
    in bytes: UnsafeRawBufferPointer, _ body: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    var position = 0
    while let header = try FrameHeader(UnsafeRawBufferPointer(rebasing: bytes[position...])) {
      let start = position + FrameHeader.byteCount
      let end = start + header.payloadByteCount
      guard end <= bytes.count else { break }
      try body(header, UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      position = end
    }
    return position
  }
}
