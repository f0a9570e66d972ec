import Topology

extension KindSignature.Use {
  /// Where a kind that gives one number may leave it.
  static let answerValue = Self(
    "value", .value, elementTypes: .numbers, required: false, "takes the answer, which must be in its range")
}

extension [ElementType] {
  /// All but `bool`.
  static let numbers = ElementType.allCases.filter { $0 != .bool }
}

extension [ItemType] {
  static let numbers: [ItemType] = [.any] + [ElementType].numbers.map { .number($0) }
}

extension Worker {
  /// Gives a kind's one answer to `out` and into `use: {value: …}`, or, where neither is bound, to the log. `type`: of the
  /// numbers that it is made of.
  func answer(_ number: Number, of type: ItemType = .any) throws {
    let isStored: Void? = try storing(into: "value") { try $0.store(number.literal) }
    if let output {
      try output.append(number)
    } else if isStored == nil {
      try print(number.text(cameAs: type))
    }
    didAnswer()
  }

  /// `nil` where the file gives no such value. What is out of its range is told with its name.
  func storing<Result>(into role: String, _ body: (SharedValue) throws -> Result) throws -> Result? {
    guard let value = value(role) else { return nil }
    do { return try body(value) } catch let error as SharedValue.OutOfRange {
      throw KindFailure(
        "value '\(name(ofUse: role) ?? role)' holds \(value.type.rawValue), and \(error.value) is out of its range",
        help: "declare it with a wider type")
    }
  }
}

extension Outlet {
  func append(_ number: Number) throws {
    switch number {
    case .int(let value): try append(value)
    case .float(let value): try append(value)
    case .unsigned(let value): try append { lane in try lane.put(value) }
    }
  }
}
