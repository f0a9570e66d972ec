/// Phrases that several diagnostics share.
enum Wording {
  /// `a, b or c`
  static func choice(_ words: [String]) -> String { list(words, before: "or") }

  /// `a, b and c`
  static func enumeration(_ words: [String]) -> String { list(words, before: "and") }

  private static func list(_ words: [String], before conjunction: String) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }

  /// `did you mean 'x'?`, or what there is to choose from.
  static func suggestion(for name: String, among known: [String], otherwise: String? = nil) -> String? {
    if let near = nearest(to: name, among: known) { return "did you mean '\(near)'?" }
    return otherwise
  }

  static func range<Bound: Comparable>(_ range: ClosedRange<Bound>) -> String {
    "from \(range.lowerBound) to \(range.upperBound)"
  }

  /// `1 instance`, `2 instances`
  static func count(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

  /// `'count'`; the first letter as it is.
  static func quoted(_ words: [String]) -> [String] { words.map { "'\($0)'" } }
}

extension Node {
  /// As a message quotes what stands where something else was due.
  var quoted: String {
    switch content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "'\(scalar.text)'"
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }

  var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// Of a sequence.
  var elements: [Node] {
    if case .sequence(let elements) = content { elements } else { [] }
  }

  var isNull: Bool { scalar?.isNull ?? false }

  /// It has an error diagnostic already.
  var isInvalid: Bool { scalar?.isInvalid ?? false }
}
