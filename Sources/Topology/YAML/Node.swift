/// A tree of marked nodes: what libyaml's events compose to, after aliases, merge keys and substitution.
package struct Node: Sendable {
  package var place: Place
  package var content: Content

  package init(place: Place, content: Content) {
    self.place = place
    self.content = content
  }

  package enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping([Entry])
  }

  package struct Entry: Sendable {
    package var key: String
    package var keyPlace: Place
    package var value: Node
    package init(key: String, keyPlace: Place, value: Node) {
      self.key = key
      self.keyPlace = keyPlace
      self.value = value
    }
  }

  package struct Scalar: Sendable {
    /// After substitution.
    package var text: String
    /// Quoted or a block: a string whatever it looks like.
    package var isQuoted: Bool
    /// The line and column where a block scalar's text itself begins (for scripts); `nil` unless a block.
    package var blockStart: Place?
    /// Of a script that is no literal block: where its text stands.
    package var runs: [TextRun] = []
    /// `$NAME` and `$$NAME` as they stand in it, each once: nothing replaces them.
    package var plainVariables: [String] = []
    /// It has an error diagnostic already, so `text` is not what was meant: a decoder need not report it again.
    package var isInvalid: Bool
    package init(text: String, isQuoted: Bool, blockStart: Place? = nil, isInvalid: Bool = false) {
      self.text = text
      self.isQuoted = isQuoted
      self.blockStart = blockStart
      self.isInvalid = isInvalid
    }
  }
}
