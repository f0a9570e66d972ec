/// The types that items may have.
enum ItemTypes: Equatable {
  /// Nothing is known of them.
  case all
  /// `any` among them stands for what has no type of its own: lists, maps and null.
  case some(Set<ItemType>)

  static let none = ItemTypes.some([])

  /// What an input takes. Where it lists `any`, it takes items of that type, whatever is in them, and not those of the
  /// types that it does not list.
  init(takenBy types: [ItemType]) { self = types.isEmpty ? .all : .some(Set(types)) }

  /// What an output puts. Where it lists `any` beside others, that may be everything; alone it is lists or maps.
  init(putBy types: [ItemType]) {
    let isEverything = types.isEmpty || (types.count > 1 && types.contains(.any))
    self = isEverything ? .all : .some(Set(types))
  }

  func union(_ other: ItemTypes) -> ItemTypes {
    guard case .some(let left) = self, case .some(let right) = other else { return .all }
    return .some(left.union(right))
  }

  func intersection(_ other: ItemTypes) -> ItemTypes {
    switch (self, other) {
    case (.all, let types), (let types, .all): types
    case (.some(let left), .some(let right)): .some(left.intersection(right))
    }
  }

  /// Nothing of one fits the other. Of no type at all nothing is said.
  func conflicts(with other: ItemTypes) -> Bool {
    guard case .some(let left) = self, case .some(let right) = other, !left.isEmpty, !right.isEmpty else {
      return false
    }
    return left.isDisjoint(with: right)
  }

  /// `int64 or float64`; what is more than a few types of numbers is `numbers`.
  var words: String {
    guard case .some(let types) = self else { return "any type" }
    if types == [.any] { return "lists or maps" }
    let isNumber = { (type: ItemType) in if case .number = type { true } else { false } }
    let numbers = types.filter(isNumber)
    let isMany = numbers.count > 3
    let named = types.filter { $0 != .any && !(isMany && isNumber($0)) }.map(\.name)
    return Wording.choice((named + (isMany ? ["numbers"] : [])).sorted())
  }

  /// One that would do for all of them.
  var declaration: ItemType {
    guard case .some(let types) = self else { return .any }
    let named = types.subtracting([.any])
    return named.count == 1 ? named.first ?? .any : .any
  }
}

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
