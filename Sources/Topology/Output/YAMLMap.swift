/// A map of the file being written, by the keys of its table.
struct YAMLMap<Key: KeyTable> {
  private var entries: [(key: String, value: YAMLTree)] = []

  /// `nil` leaves the key out.
  subscript(key: Key) -> YAMLTree? {
    get { entries.first { $0.key == key.rawValue }?.value }
    set {
      entries.removeAll { $0.key == key.rawValue }
      if let newValue { entries.append((key.rawValue, newValue)) }
    }
  }

  var tree: YAMLTree { .map(entries) }
}

extension YAMLTree {
  static func fields<Key: KeyTable>(_: Key.Type, _ entries: [(Key, YAMLTree)]) -> YAMLTree {
    .map(entries.map { ($0.0.rawValue, $0.1) })
  }
}
