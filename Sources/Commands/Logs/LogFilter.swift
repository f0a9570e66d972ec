import Topology

/// Chooses the instances that `mporch logs P…` means: a process stands for all its instances.
struct LogFilter {
  private let names: Set<String>

  /// No names: all. `known`: those that the run has, or had.
  init(_ names: [String], known: [String]) throws(CommandFailure) {
    self.names = Set(names)
    let valid = Set(known).union(known.compactMap { Self.process(of: $0) })
    for name in names where !valid.contains(name) {
      let list = valid.sorted()
      throw CommandFailure(
        "there is no log of a process '\(name)'",
        help: nearest(to: name, among: list).map { "did you mean '\($0)'?" }
          ?? (list.isEmpty ? "nothing was printed yet" : "there are \(list.joined(separator: ", "))"))
    }
  }

  func includes(_ instance: String) -> Bool {
    names.isEmpty || names.contains(instance) || Self.process(of: instance).map(names.contains) ?? false
  }

  /// `count` of `count-2`; `nil` for what is no instance.
  static func process(of instance: String) -> String? {
    guard let dash = instance.lastIndex(of: "-"), Int(instance[instance.index(after: dash)...]) != nil else {
      return nil
    }
    return String(instance[..<dash])
  }
}
