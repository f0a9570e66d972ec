/// What bytes or a text that should be an item are not.
package struct ItemError: Error, CustomStringConvertible, Equatable {
  package var description: String
  init(_ description: String) { self.description = description }
}
