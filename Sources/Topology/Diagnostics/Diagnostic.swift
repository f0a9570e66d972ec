/// One finding about a topology: data; `DiagnosticRenderer` gives it words' form.
package struct Diagnostic: Sendable, Equatable {
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  /// `nil`: of the whole file, which `file` names.
  package var place: Place?
  package var file: String
  package var message: String
  package var help: String?
  /// Further places that explain it: the other use, the writer of another type.
  package var notes: [Note]

  package struct Note: Sendable, Equatable {
    package var place: Place
    package var message: String
    package init(place: Place, message: String) {
      self.place = place
      self.message = message
    }
  }

  package init(
    _ severity: Severity, at place: Place, _ message: String, help: String? = nil, notes: [Note] = []
  ) {
    self.severity = severity
    self.place = place
    self.file = place.file
    self.message = message
    self.help = help
    self.notes = notes
  }

  package init(_ severity: Severity, file: String, _ message: String, help: String? = nil) {
    self.severity = severity
    self.place = nil
    self.file = file
    self.message = message
    self.help = help
    self.notes = []
  }
}

extension Sequence<Diagnostic> {
  /// By file (in the order of `sources`, others after them), line and column; what is found twice once.
  package func inOrder(of sources: Sources) -> [Diagnostic] {
    let ranks = Dictionary(uniqueKeysWithValues: sources.files.enumerated().map { ($1, $0) })
    let keyed = enumerated().map { position, diagnostic in
      (
        key: [
          ranks[diagnostic.file] ?? Int.max, diagnostic.place?.line ?? 0, diagnostic.place?.column ?? 0, position,
        ], diagnostic: diagnostic
      )
    }
    var ordered: [Diagnostic] = []
    for (_, diagnostic) in keyed.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      // The same finding stands at the same place, so only what came just before can be it.
      let same = ordered.reversed().prefix { $0.place == diagnostic.place && $0.file == diagnostic.file }
      if !same.contains(diagnostic) { ordered.append(diagnostic) }
    }
    return ordered
  }

  package var hasErrors: Bool { contains { $0.severity == .error } }
}
