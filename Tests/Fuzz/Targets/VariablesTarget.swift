import Topology

/// A file of variables: names that are ones, and values without what no variable can hold.
enum VariablesTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    let source = SourceText(file: ".env", bytes: Array(bytes))
    let file = EnvironmentFile.parse(source, environment: [["HOME": "/root", "EMPTY": ""]])
    for variable in file.variables {
      expect(!variable.name.isEmpty && !variable.name.utf8.contains(UInt8(ascii: "=")), "a name '\(variable.name)'")
      expect(!variable.name.utf8.contains(0) && !variable.value.utf8.contains(0), "a zero in '\(variable.name)'")
    }
    var sources = Sources()
    sources.add(source)
    _ = DiagnosticRenderer(sources: sources).render(file.diagnostics)
  }
}
