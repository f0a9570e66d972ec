import Sharing
import Supervisor
import Text
import Topology
import Workers

/// The shared memory that a topology will take.
enum MemoryText {
  /// That it is more than a run can have.
  static func excess(_ file: Topology) -> Diagnostic? {
    let topology = file.withServices(managedServer: Scripting.managedServer)
    return MemoryDemand(topology, ArenaPlan(topology)).excess
  }

  static func render(_ file: Topology, width: Int?) -> String {
    let topology = file.withServices(managedServer: Scripting.managedServer)
    let bytes = Arena.byteCounts(of: ArenaPlan(topology))
    var table = Table(columns: [
      .init(title: "RESOURCE", canShrink: true), .init(title: "SORT"), .init(title: "MEMORY", alignment: .right),
    ])
    for (resource, byteCount) in zip(topology.resources, bytes.resources) where byteCount > 0 {
      table.rows.append([resource.name, resource.kind.noun, Quantity.bytes(UInt64(byteCount))])
    }
    let instances = topology.processes.map(\.replicas).reduce(0, +)
    let heading =
      "'\(topology.name)' takes \(Quantity.bytes(UInt64(bytes.total))) of shared memory and runs "
      + "\(instances) process\(instances == 1 ? "" : "es")\n"
    return heading + (table.rows.isEmpty ? "" : table.render(width: width))
  }
}
