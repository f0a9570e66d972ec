internal import Limits
internal import Platform
package import Sharing
internal import SystemPackage
internal import Text
package import Topology

/// The memory that a topology takes, against what there is.
package struct MemoryDemand {
  /// Shared.
  var byteCount: Int
  /// What its processes take of their own, at least.
  var processes: ProcessDemand
  /// The resource that takes most, and how much; `nil`: there is none.
  var largest: (resource: Resource, byteCount: Int)?

  package init(_ topology: Topology, _ plan: ArenaPlan) {
    let bytes = Arena.byteCounts(of: plan)
    byteCount = bytes.total
    processes = ProcessDemand(topology)
    largest = bytes.resources.indices.max { bytes.resources[$0] < bytes.resources[$1] }
      .map { (topology.resources[$0], bytes.resources[$0]) }
  }

  /// More than any run can have, whatever the machine; `nil`: it is not.
  package var excess: Diagnostic? {
    guard byteCount > Limit.arenaByteCount, let largest else { return nil }
    return Diagnostic(
      .error, at: largest.resource.place,
      "the topology needs \(Quantity.bytes(UInt64(clamping: byteCount))) of shared memory, and a run has "
        + "\(Quantity.bytes(UInt64(Limit.arenaByteCount))) at most",
      help: "the largest part is this \(largest.resource.kind.noun): "
        + Quantity.bytes(UInt64(clamping: largest.byteCount)))
  }

  /// Memory that is promised and not there ends in a kill, not in an error: so look first.
  func check(against available: UInt64?) throws(Refusal) {
    guard let available, UInt64(clamping: byteCount + processes.byteCount) > available else { return }
    guard byteCount < processes.byteCount else { throw refusal("\(Quantity.bytes(available)) are available") }
    throw processes.memoryRefusal(available: available)
  }

  /// Of the system, to which shared memory is a file, and needs addresses.
  func refusal(
    _ error: Errno, fileByteLimit: UInt64 = ResourceLimits.fileByteCount,
    addressByteLimit: UInt64 = ResourceLimits.addressByteCount
  ) -> Refusal {
    switch error {
    case .fileTooLarge where fileByteLimit < .max:
      refusal(
        "no file of this user may be longer than \(Quantity.bytes(fileByteLimit)) (ulimit -f), and it counts as one, with "
          + "room for workers that may come",
        remedy: "raise that limit; ")
    case .noMemory where addressByteLimit < .max:
      refusal(
        "a process of this user may have \(Quantity.bytes(addressByteLimit)) of address space in all (ulimit -v)",
        remedy: "raise that limit; ")
    default: refusal("the system answered: \(error)")
    }
  }

  func refusal(_ reason: String, remedy: String = "") -> Refusal {
    let need = "the topology needs \(Quantity.bytes(UInt64(clamping: byteCount))) of shared memory; \(reason)"
    guard let largest else { return Refusal(need, exitCode: 69) }
    let place = largest.resource.place
    return Refusal(
      "\(place): error: \(need)",
      help: "\(remedy)the largest part is \(largest.resource.kind.noun) '\(largest.resource.name)' "
        + "(line \(place.line)): \(Quantity.bytes(UInt64(clamping: largest.byteCount)))\(reasonForSize)", exitCode: 69)
  }

  /// Why it is more than the file says.
  private var reasonForSize: String {
    guard case .queue(let queue)? = largest?.resource.kind else { return "" }
    return
      ", for its bytes of \(Quantity.bytes(UInt64(clamping: queue.byteCount))): twice as much, rounded up to a power of "
      + "two, so that each item lies in one piece"
  }
}
