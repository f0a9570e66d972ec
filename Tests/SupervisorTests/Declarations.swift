import Topology

/// Topologies in a few words.
enum Declared {
  static let place = Place(file: "t.yaml", line: 3, column: 1, endColumn: 2)

  static func process(
    _ name: String, after dependencies: [(String, ProcessDeclaration.Dependency.Condition)] = [], replicas: Int = 1
  ) -> ProcessDeclaration {
    var process = ProcessDeclaration(name: name, place: place, work: .kind(name: "sleep", place: place))
    process.dependencies = dependencies.map { .init(process: $0.0, condition: $0.1, place: place) }
    process.replicas = replicas
    return process
  }

  static func reference(_ index: Int, _ end: PipeEnd? = nil) -> ResourceReference {
    ResourceReference(resource: ResourceID(index), end: end, place: place)
  }
}
