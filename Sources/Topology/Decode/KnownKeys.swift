/// Every key that some map of the file may have: for texts of which it is not known yet to what map they belong.
enum KnownKeys {
  static func contains(_ word: String) -> Bool { all.contains(word) }

  private static let all: Set<String> = {
    var names: Set<String> = []
    func add<Key: KeyTable>(_: Key.Type) { names.formUnion(Key.allCases.map(\.rawValue)) }
    add(TopLevelKey.self)
    add(ProcessKey.self)
    add(PoolKey.self)
    add(QueueKey.self)
    add(HealthCheckKey.self)
    add(ArrayKey.self)
    add(DependencyKey.self)
    add(LoggingKey.self)
    return names
  }()
}
