/// What a user names of a value or an array: `total`, `squares[3]`, `squares[2..4]`; elements count from 1, as in
/// scripts, and both ends belong.
struct ElementReference: Equatable {
  var resource: String
  /// `nil`: all of it.
  var elements: ClosedRange<Int>?

  init(_ text: String) throws(CommandFailure) {
    guard text.hasSuffix("]"), let bracket = text.firstIndex(of: "[") else {
      resource = text
      return
    }
    resource = String(text[..<bracket])
    let inside = text[text.index(after: bracket)...].dropLast()
    let bounds = inside.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, first >= 1, first <= last else {
      throw CommandFailure(
        .usage, "'\(text)' names no element", help: "\(resource)[3], or \(resource)[2..4]; they count from 1")
    }
    elements = first...last
  }
}
