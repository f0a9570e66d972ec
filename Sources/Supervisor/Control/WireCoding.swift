internal import FoundationEssentials

/// Messages to and from bytes: JSON, so that any program can talk to a run.
package enum WireCoding {
  /// One line of JSON, without its newline: JSON written this way holds none.
  package static func encode(_ message: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try Array(encoder.encode(message))
    } catch {
      // Only numbers that JSON has no form for could throw, and no message holds one.
      fatalError("a message can't be written as JSON: \(error)")
    }
  }

  package static func decode<Message: Decodable>(
    _ type: Message.Type, from bytes: some Sequence<UInt8>
  ) throws -> Message {
    try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// A message as a whole frame of the attach connection.
  package static func frame(_ message: some Encodable) -> [UInt8] {
    let payload = encode(message)
    return FrameHeader(payloadByteCount: payload.count, kind: .message).encoded + payload
  }
}
