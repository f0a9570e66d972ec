/// Bytes that are meant as UTF-8, compared as bytes.
///
/// Swift's own strings are equal where Unicode calls them equivalent: an "é" of one code point and one of two are one key
/// of a dictionary. Here they are two, as for every program that a text comes from or goes to.
public struct ByteString: Hashable, Sendable {
  public let bytes: [UInt8]

  public init(_ text: some StringProtocol) { bytes = Array(text.utf8) }
  public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
}

extension ByteString: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}

extension ByteString: CustomStringConvertible {
  /// For people: what is no UTF-8 is repaired.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension StringProtocol {
  /// Byte for byte.
  package func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
