package import Topology

/// One instance of a process: its place in the worker table is its place in this list.
package struct InstancePlan: Equatable {
  /// `count-2`.
  package var name: String
  /// Index into the topology's processes.
  package var process: Int
  /// From 1.
  package var replica: Int

  /// All of a topology, in order of declaration.
  package static func all(of topology: Topology) -> [InstancePlan] {
    topology.processes.indices.flatMap { process in
      (0..<topology.processes[process].replicas).map { replica in
        InstancePlan(
          name: "\(topology.processes[process].name)-\(replica + 1)", process: process, replica: replica + 1)
      }
    }
  }
}
