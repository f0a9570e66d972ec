/// Why a text is no value of the form that is due: data for a diagnostic at its place.
package struct InvalidText: Error, Equatable {
  /// What is wrong with it, quoting it: `'5 parsecs' is not a duration`.
  package var message: String
  /// The forms that are right.
  package var help: String

  package init(_ message: String, help: String) {
    self.message = message
    self.help = help
  }
}
