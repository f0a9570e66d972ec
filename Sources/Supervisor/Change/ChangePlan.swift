internal import Topology

/// What is to become of each process when a topology takes the place of another.
struct ChangePlan {
  struct Process {
    var name: String
    /// Instances before and after; 0: it is not there.
    var from: Int
    var to: Int
    var keys: [ProcessKey] = []
    /// Another work than before: it begins anew.
    var isOtherWork = false
    /// A source, or one that works on shared resources, with other parameters: what it had done is not what it is to do.
    var beginsAnew = false

    /// Its instances end and begin another life.
    var isRestarted: Bool { from > 0 && to > 0 && !keys.allSatisfy { $0.effectOfChange == .supervision } }
  }

  private(set) var processes: [Process] = []

  /// `signature`: of a process's kind.
  init(from old: Topology, to new: Topology, signature: (ProcessDeclaration) -> KindSignature?) {
    for declaration in new.processes {
      guard let before = old.processes.first(where: { $0.name == declaration.name }) else {
        processes.append(Process(name: declaration.name, from: 0, to: declaration.replicas))
        continue
      }
      var process = Process(name: declaration.name, from: before.replicas, to: declaration.replicas)
      process.keys = declaration.keysChanged(since: before)
      let effects = Set(process.keys.map(\.effectOfChange))
      process.isOtherWork = effects.contains(.otherWork)
      process.beginsAnew =
        process.isOtherWork || effects.contains(.otherParameters) && signature(declaration)?.keepsPlace == true
      processes.append(process)
    }
    let names = Set(new.processes.map(\.name))
    for declaration in old.processes where !names.contains(declaration.name) {
      processes.append(Process(name: declaration.name, from: declaration.replicas, to: 0))
    }
  }

  subscript(name: String) -> Process? { processes.first { $0.name == name } }

  /// `isShown`: of those that the file knows.
  func report(_ isShown: (String) -> Bool) -> ChangeReport {
    ChangeReport(
      processes: processes.filter { isShown($0.name) || $0.change != .unchanged }
        .map { .init(process: $0.name, change: $0.change) })
  }
}

extension ChangePlan.Process {
  var change: ChangeReport.Change {
    if from == 0 { return .added(instances: to) }
    if to == 0 { return .removed(instances: from) }
    if !keys.isEmpty {
      return .changed(keys: keys.map(\.rawValue), isRestarted: isRestarted, from: from, to: to)
    }
    return from == to ? .unchanged : .scaled(from: from, to: to)
  }
}

extension KindSignature {
  /// What a life of it has done says where the next one begins.
  fileprivate var keepsPlace: Bool {
    switch answers {
    case .source, .none: true
    case .itemByItem, .atEnd, .sink: false
    }
  }
}
