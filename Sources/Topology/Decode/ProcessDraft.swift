/// A process as written, before its kind has a say: references are resolved, ports and roles are not bound.
struct ProcessDraft {
  var declaration: ProcessDeclaration
  /// `nil` and reported: none that is right.
  var work: ProcessDeclaration.Work?
  var isEnabled: Bool
  var inputs: Wiring?
  var outputs: Wiring?
  var uses: Wiring?
  /// `with`, with its key.
  var parameters: Node.Entry?
  /// Keys that are missing, and that unknown ones were most likely meant as.
  var presumed: Set<ProcessKey> = []

  /// One of `in`, `out`, `use`.
  /// It is missing, and an unknown key was most likely meant as it.
  func isPresumed(_ key: ProcessKey) -> Bool {
    guard presumed.contains(key) else { return false }
    switch key {
    case .inputs: return inputs == nil
    case .outputs: return outputs == nil
    case .use: return uses == nil
    default: return parameters == nil
    }
  }

  struct Wiring {
    /// Of the key.
    var place: Place
    var links: [Link]
    /// Some of it is invalid, and reported: what is missing may be just that.
    var isBroken = false
    /// It names a resource that stands under another key.
    var isOfOtherSort = false

    /// A map that names ports or roles was given.
    var isNamed: Bool { links.contains { $0.name != nil } }
  }

  struct Link {
    /// Port or role; `nil`: not said.
    var name: String?
    /// Of the name; else of the reference.
    var place: Place
    var target: ResourceReference
  }

  /// As messages name it: `process 'count'`.
  var owner: String { "process '\(declaration.name)'" }
}
