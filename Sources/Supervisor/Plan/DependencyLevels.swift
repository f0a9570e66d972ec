internal import Topology

/// The order of a topology's processes by what they depend on, as indices into its `processes`.
struct DependencyLevels: Equatable {
  /// The first level depends on nothing; each other on some process of the level before.
  private(set) var levels: [[Int]]

  init(_ processes: [ProcessDeclaration]) {
    let indices = Dictionary(uniqueKeysWithValues: processes.indices.map { (processes[$0].name, $0) })
    var depths = [Int?](repeating: nil, count: processes.count)
    func depth(_ process: Int) -> Int {
      if let depth = depths[process] { return depth }
      // A cycle is refused when the file is checked; here it ends at its start.
      depths[process] = 0
      let below = processes[process].dependencies.compactMap { indices[$0.process] }.map(depth).max()
      depths[process] = below.map { $0 + 1 } ?? 0
      return depths[process] ?? 0
    }
    let all = processes.indices.map(depth)
    levels = (0..<(all.max().map { $0 + 1 } ?? 0)).map { level in processes.indices.filter { all[$0] == level } }
  }
}
