/// One way that items go: a queue, or one direction of a pipe.
enum Channel: Hashable {
  case queue(ResourceID)
  case pipe(ResourceID, from: PipeEnd)

  var resource: ResourceID {
    switch self {
    case .queue(let id), .pipe(let id, _): id
    }
  }

  /// What a port that is bound to `reference` reads or writes.
  init(_ reference: ResourceReference, _ access: Access) {
    guard let end = reference.end else {
      self = .queue(reference.resource)
      return
    }
    self = .pipe(reference.resource, from: access == .writes ? end : end.other)
  }
}

extension PipeEnd {
  var other: PipeEnd { self == .a ? .b : .a }
}

/// The types that items may have.
enum ItemTypes: Equatable {
  case all
  case some(Set<ItemType>)

  static let none = ItemTypes.some([])

  /// As a signature lists them: none, or `any`, is every type.
  init(_ types: [ItemType]) { self = types.isEmpty || types.contains(.any) ? .all : .some(Set(types)) }

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

  /// `int64 or float64`
  var words: String {
    guard case .some(let types) = self else { return "any type" }
    return Wording.choice(types.map(\.name).sorted())
  }
}
