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
