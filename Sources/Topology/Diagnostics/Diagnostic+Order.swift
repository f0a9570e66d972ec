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
