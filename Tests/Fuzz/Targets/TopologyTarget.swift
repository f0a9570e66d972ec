import Topology
import Workers

/// A file becomes a topology or a list of diagnostics; what `config` prints of a topology is that topology.
enum TopologyTarget {
  private static let signatures = Catalogue.builtIn.map { $0.signature }

  static func run(_ bytes: UnsafeRawBufferPointer) {
    let result = load(Array(bytes))
    guard let topology = result.topology else {
      return expect(result.diagnostics.hasErrors, "no topology, and no error")
    }
    _ = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
    _ = (topology.dot, topology.mermaid)
    let text = ResolvedTopology.text(of: topology, signatures: signatures)
    let again = load(Array(text.utf8))
    guard let resolved = again.topology else {
      fatalError("what is printed is no topology: \(again.diagnostics.map(\.message))\n\(text)")
    }
    expect(ResolvedTopology.text(of: resolved, signatures: signatures) == text, "printed again it is another:\n\(text)")
  }

  private static func load(_ bytes: [UInt8]) -> LoadResult {
    let request = LoadRequest(
      files: ["fuzz.yaml"], currentDirectory: "/tmp", environment: ["HOME": "/root", "EMPTY": ""], processorCount: 4)
    let access = FileAccess { path, _ in path == "fuzz.yaml" ? .success(bytes) : .failure(.notFound) }
    return TopologyLoader.load(
      request, signatures: signatures, access: access, isFolder: { _ in true }, scripts: Scripting.compiler)
  }
}
