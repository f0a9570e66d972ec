/// The texts that diagnostics speak of, in the order in which they were given.
package struct Sources: Sendable {
  package private(set) var files: [String] = []
  private var texts: [String: SourceText] = [:]

  package init() {}

  package mutating func add(_ text: SourceText) {
    if texts.updateValue(text, forKey: text.file) == nil { files.append(text.file) }
  }

  package subscript(file: String) -> SourceText? { texts[file] }
}
