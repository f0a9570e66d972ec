/// What the checks of one process may look at.
struct Scope {
  let index: ResourceIndex
  var resources: [Resource]
  /// Resources with an error of their own: nothing is concluded from their types.
  let broken: Set<ResourceID>
  /// Absolute folder that relative paths start from.
  let directory: String
  let findings: Findings

  subscript(id: ResourceID) -> Resource { resources[id.index] }

  /// `'p.a'`, `'lines'`: as a file writes it.
  func text(of reference: ResourceReference) -> String {
    self[reference.resource].text(end: reference.end)
  }

  func declarationNote(_ id: ResourceID) -> Diagnostic.Note {
    Diagnostic.Note(place: self[id].place, message: "'\(self[id].name)' is declared here")
  }
}

/// A process with ports, roles and parameters bound.
struct BoundProcess {
  var declaration: ProcessDeclaration
  /// `nil`: a script, or work that is not right.
  var signature: KindSignature?
  var isEnabled: Bool
  /// Something about its wiring is wrong, and reported.
  var isBroken: Bool

  var owner: String { "process '\(declaration.name)'" }
}
