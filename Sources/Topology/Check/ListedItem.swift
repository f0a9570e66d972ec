/// An item that the file itself lists, for a kind to put.
struct ListedItem {
  let literal: Literal
  let place: Place

  /// Those that hold it: a number goes into every type of numbers in whose range it is.
  var types: ItemTypes {
    switch literal {
    case .null, .list, .map: return .some([.any])
    case .string: return .some([.string, .bytes])
    case .bool, .int, .unsigned, .float:
      return .some(Set(ElementType.allCases.filter { literal.fits($0) }.map { .number($0) }))
    }
  }

  /// Of an item that a resource of type `type` can't hold.
  func help(for type: ItemType, _ resource: String) -> String {
    if case .number(let element) = type, literal.isNumber, element != .bool {
      return "\(element.rawValue) \(element.rangeWords)" + (element.isInteger ? ", whole numbers only" : "")
    }
    return "declare '\(resource)' with 'type: any', or put what it holds"
  }

  var words: String {
    switch literal {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let text): "'\(text.prefix(40))\(text.count > 40 ? "…" : "")'"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

extension Argument {
  /// Of a list.
  var elements: [ListedItem] {
    guard case .list(let literals) = value else { return [] }
    return zip(literals, elementPlaces).map { ListedItem(literal: $0, place: $1) }
  }
}

extension Literal {
  fileprivate var isNumber: Bool {
    switch self {
    case .int, .unsigned, .float: true
    default: false
    }
  }

  fileprivate func fits(_ type: ElementType) -> Bool {
    switch (type, self) {
    case (.bool, .bool): return true
    case (.bool, _), (_, .bool): return false
    case (.float32, .float(let value)): return !value.isFinite || Float(value).isFinite
    case (.float32, _), (.float64, _): return isNumber
    case (_, .float(let value)):
      let whole = Int64(exactly: value).map(Literal.int) ?? UInt64(exactly: value).map(Literal.unsigned)
      return whole?.fits(type) ?? false
    default: return type.integerRange.map(isWithin) ?? false
    }
  }
}
