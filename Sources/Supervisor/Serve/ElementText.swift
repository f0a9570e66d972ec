internal import Topology

/// A number as a user writes it on the command line, in the form of the file, to the bytes that memory holds.
enum ElementText {
  /// Says what is wrong with the text, and what would be right.
  struct Unfit: Error, Equatable {
    var message: String
    var help: String
  }

  static func encode(_ text: String, as type: ElementType) throws(Unfit) -> [UInt8] {
    let scalar = Node.Scalar(text: text, isQuoted: false)
    guard type == .bool ? scalar.bool != nil : scalar.looksLikeNumber else {
      throw Unfit(message: "'\(text)' is no \(type.rawValue)", help: "\(type.rawValue) \(type.rangeWords)")
    }
    var number = scalar.literal
    if type.isInteger, case .float(let value)? = scalar.number {
      guard value.rounded() == value, let whole = Int128(exactly: text) else {
        throw Unfit(message: "\(text) is no whole number", help: "\(type.rawValue) \(type.rangeWords)")
      }
      // Digit for digit, where the float has rounded it.
      number = Int64(exactly: whole).map(Literal.int) ?? UInt64(exactly: whole).map(Literal.unsigned)
    }
    guard let literal = number, let bytes = ElementBytes.encode(literal, as: type) else {
      throw Unfit(
        message: "\(text) is out of the range of \(type.rawValue)", help: "\(type.rawValue) \(type.rangeWords)")
    }
    return bytes
  }
}
