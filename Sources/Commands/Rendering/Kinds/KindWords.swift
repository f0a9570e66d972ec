import Topology

// What the parts of a kind's signature are called, in `mporch tasks` and in the documentation made from it.

extension KindSignature.ParameterType {
  var words: String {
    switch self {
    case .bool: "true or false"
    case .int(let range): "integer" + Self.words(of: range, whole: Int64.min...Int64.max)
    case .float(let range):
      "number"
        + Self.words(of: range, whole: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
    case .number: "number"
    case .string: "string"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .duration: "duration"
    case .countOrDuration: "integer, or duration"
    case .size: "size"
    case .signal: "signal"
    case .inputPaths: "path, glob, or a list of them; '-': standard input"
    case .outputPath: "path; '-': standard output"
    case .list: "list"
    case .any: "any value"
    }
  }

  /// `, at least 1`: only the bounds that say more than the type does.
  private static func words<Bound: Comparable>(of range: ClosedRange<Bound>, whole: ClosedRange<Bound>) -> String {
    let hasLower = range.lowerBound > whole.lowerBound
    let hasUpper = range.upperBound < whole.upperBound
    return switch (hasLower, hasUpper) {
    case (true, true): " from \(range.lowerBound) to \(range.upperBound)"
    case (true, false): ", at least \(range.lowerBound)"
    case (false, true): ", at most \(range.upperBound)"
    case (false, false): ""
    }
  }
}

extension KindSignature.Port {
  var words: String {
    if let typeFollowsInput { return "as '\(typeFollowsInput)'" }
    return types.isEmpty ? "any type" : names.joined(separator: ", ")
  }
}

extension KindSignature.Port {
  /// Of its types; all types of numbers together are `numbers`.
  var names: [String] {
    let elements = types.compactMap { if case .number(let type) = $0 { type } else { nil } }
    let others = types.filter { if case .number = $0 { false } else { true } }
    return others.map(\.name) + elements.names
  }
}

extension KindSignature.Use {
  var words: String {
    sort.rawValue + (elementTypes.isEmpty ? "" : " of " + elementTypes.names.joined(separator: ", "))
  }
}

extension [ElementType] {
  fileprivate var names: [String] {
    let numbers = ElementType.allCases.filter { $0 != .bool }
    guard numbers.allSatisfy(contains) else { return map(\.rawValue) }
    return ["numbers"] + filter { $0 == .bool }.map(\.rawValue)
  }
}

extension KindSignature {
  /// A sentence behind another, or nothing.
  var poolWords: String {
    switch taskResult {
    case .value: " As a pool's function it gives the item that it puts, or null."
    case .list: " As a pool's function it gives the list of the items that it puts."
    case nil: ""
    }
  }
}

extension KindSignature.Answers {
  var words: String {
    switch self {
    case .source: "makes its items by itself"
    case .itemByItem: "answers each item as it comes, exactly once"
    case .atEnd: "absorbs its input and answers at its end"
    case .sink: "takes its input out of the topology"
    case .none: "works on shared resources"
    }
  }
}

extension KindSignature {
  /// When it answers, and whether a kill costs what it has absorbed.
  var behaviour: String {
    answers.words + (keepsTable ? "; where it is started again, it goes on from what it had absorbed" : "")
  }
}

extension KindSignature.Parameter {
  /// `required`, `default 0`, or nothing.
  var presence: String {
    if isRequired { return "required" }
    return defaultValue.map { "default \($0.yaml)" } ?? ""
  }
}

extension Literal {
  /// As one would write it in the file, on one line.
  var yaml: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value): value.isEmpty ? "''" : value
    case .list(let values): "[" + values.map(\.yaml).joined(separator: ", ") + "]"
    case .map(let entries): "{" + entries.map { "\($0.key): \($0.value.yaml)" }.joined(separator: ", ") + "}"
    }
  }
}
