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

  /// One of `in`, `out`, `use`.
  struct Wiring {
    /// Of the key.
    var place: Place
    var links: [Link]
    /// Some of it is invalid, and reported: what is missing may be just that.
    var isBroken = false

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
