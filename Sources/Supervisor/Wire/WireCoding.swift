internal import FoundationEssentials
internal import Platform

/// Messages, and what commands tell programs, to and from bytes: JSON, so that any program can talk to a run. Foundation
/// is used here alone.
package enum WireCoding {
  /// One line of JSON, without its newline: JSON written this way holds none; or, to be looked at, several lines.
  package static func encode(_ message: some Encodable, isPretty: Bool = false) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    // The one thing that JSON has no form for.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try Array(encoder.encode(message))
    } catch {
      CurrentProcess.giveUp("a \(type(of: message)) for another process of mporch can't be written as JSON: \(error)")
    }
  }

  package static func decode<Message: Decodable>(
    _ type: Message.Type, from bytes: some Sequence<UInt8>
  ) throws -> Message {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(bytes))
  }

  package static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// None, if it is no base 64.
  package static func bytes(base64 text: String) -> [UInt8] { Data(base64Encoded: text).map { Array($0) } ?? [] }

  /// A message as a whole frame of the attach connection.
  package static func frame(_ message: some Encodable) -> [UInt8] {
    let payload = encode(message)
    return FrameHeader(payloadByteCount: payload.count, kind: .message).encoded + payload
  }
}
