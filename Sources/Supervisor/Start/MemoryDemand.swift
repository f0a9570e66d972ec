internal import Sharing
internal import Topology

/// The shared memory that a topology takes, against what there is.
struct MemoryDemand {
  var byteCount: Int
  /// The resource that takes most, and how much; `nil`: there is none.
  var largest: (resource: Resource, byteCount: Int)?

  init(_ topology: Topology, _ plan: ArenaPlan) {
    let bytes = Arena.byteCounts(of: plan)
    byteCount = bytes.total
    largest = bytes.resources.indices.max { bytes.resources[$0] < bytes.resources[$1] }
      .map { (topology.resources[$0], bytes.resources[$0]) }
  }

  /// Memory that is promised and not there ends in a kill, not in an error: so look first.
  func check(against available: UInt64?) throws(Refusal) {
    guard let available, UInt64(clamping: byteCount) > available else { return }
    throw refusal("\(Quantity.bytes(available)) are available")
  }

  func refusal(_ reason: String) -> Refusal {
    let need = "the topology needs \(Quantity.bytes(UInt64(clamping: byteCount))) of shared memory; \(reason)"
    guard let largest else { return Refusal(need, exitCode: 69) }
    let place = largest.resource.place
    return Refusal(
      "\(place): error: \(need)",
      help: "the largest part is \(largest.resource.kind.noun) '\(largest.resource.name)' (line \(place.line)): "
        + Quantity.bytes(UInt64(clamping: largest.byteCount)), exitCode: 69)
  }
}
