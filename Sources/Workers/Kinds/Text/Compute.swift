internal import Topology

/// A function of each item.
struct Compute: ItemKind {
  enum Function: String, CaseIterable {
    case square, cube, sqrt, negate, abs, double, upper, lower, length, reverse

    /// What each takes. Lists and maps have a length too, and a list is reversed: they are items of type `any`.
    static var types: [String: [ItemType]] {
      Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.types) })
    }

    private var types: [ItemType] {
      switch self {
      case .square, .cube, .sqrt, .negate, .abs, .double: .numbers
      case .upper, .lower: [.string, .any]
      case .length, .reverse: [.string, .bytes, .any]
      }
    }
  }

  static let signature = KindSignature(
    "compute", "Puts a function of each item; of an integer an integer, but `sqrt` a float64.", answers: .itemByItem,
    taskResult: .value,
    inputs: [
      .init(
        "in", [], typesByWord: ("function", Function.types),
        "numbers, or text for `upper`, `lower`, `length` and `reverse`")
    ],
    outputs: [.init("out", [], "the function of each")],
    parameters: [.init("function", .word(Function.allCases.map(\.rawValue)), required: true, "which")])

  private let function: Function

  init(_ arguments: Arguments) throws {
    let name = arguments.string("function") ?? ""
    guard let function = Function(rawValue: name) else { throw KindFailure("compute: no function '\(name)'") }
    self.function = function
  }

  func answer(_ record: UnsafeRawBufferPointer, of type: ItemType, to output: some ItemOutput) throws {
    let view = ItemView(record, type)
    switch function {
    case .square, .cube, .negate, .abs, .double, .sqrt:
      if function != .sqrt, let value = view.int {
        guard let answer = Self.apply(function, to: value) else {
          throw KindFailure(
            "compute: \(function) of \(value) is out of int64's range", help: "give floats for large numbers")
        }
        try output.append(answer)
      } else if let value = view.double, view.isFloatingPoint || function == .sqrt {
        try output.append(Self.apply(function, to: value))
      } else {
        throw KindFailure("compute: \(function) takes a number (integers up to 2^63-1), but got \(view.excerpt)")
      }
    case .upper, .lower, .length, .reverse:
      let item = try Item(record: view.record, type: view.type)
      guard let answer = Self.apply(function, to: item) else {
        throw KindFailure("compute: \(function) takes text, but got \(view.excerpt)")
      }
      try output.append(answer)
    }
  }

  /// `nil`: out of range.
  static func apply(_ function: Function, to value: Int64) -> Int64? {
    let (answer, overflows): (Int64, Bool)
    switch function {
    case .square: (answer, overflows) = value.multipliedReportingOverflow(by: value)
    case .cube:
      let square = value.multipliedReportingOverflow(by: value)
      guard !square.overflow else { return nil }
      (answer, overflows) = square.partialValue.multipliedReportingOverflow(by: value)
    case .negate: (answer, overflows) = Int64(0).subtractingReportingOverflow(value)
    case .abs: (answer, overflows) = value < 0 ? Int64(0).subtractingReportingOverflow(value) : (value, false)
    case .double: (answer, overflows) = value.multipliedReportingOverflow(by: 2)
    case .sqrt, .upper, .lower, .length, .reverse: return nil
    }
    return overflows ? nil : answer
  }

  static func apply(_ function: Function, to value: Double) -> Double {
    switch function {
    case .square: value * value
    case .cube: value * value * value
    case .sqrt: value.squareRoot()
    case .negate: -value
    case .abs: value.magnitude
    case .double: value * 2
    case .upper, .lower, .length, .reverse: value
    }
  }

  /// Length in code points, of bytes in bytes, of a list or map in elements; reversed by characters as one sees them.
  /// `nil`: not for this item.
  static func apply(_ function: Function, to item: Item) -> Item? {
    switch (function, item) {
    case (.upper, .string(let text)): .string(text.uppercased())
    case (.lower, .string(let text)): .string(text.lowercased())
    case (.length, .string(let text)): .int(Int64(text.unicodeScalars.count))
    case (.length, .bytes(let bytes)): .int(Int64(bytes.count))
    case (.length, .list(let values)): .int(Int64(values.count))
    case (.length, .map(let entries)): .int(Int64(entries.count))
    case (.reverse, .string(let text)): .string(String(text.reversed()))
    case (.reverse, .bytes(let bytes)): .bytes(bytes.reversed())
    case (.reverse, .list(let values)): .list(values.reversed())
    default: nil
    }
  }
}
