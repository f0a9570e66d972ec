/// What bytes or a text that should be an item are not.
package struct ItemError: Error, CustomStringConvertible, Equatable {
  package var description: String
  /// A value in JSON as such; only no item holds it.
  package var isWellFormed: Bool

  package init(_ description: String, isWellFormed: Bool = false) {
    self.description = description
    self.isWellFormed = isWellFormed
  }
}
