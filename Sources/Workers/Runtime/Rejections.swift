internal import Sharing
internal import Topology

/// What becomes of the items of one queue that their reader gives up though it lives: dead letters or, where nothing
/// takes them, lost.
final class Rejections {
  enum Outcome {
    case deadLettered
    case lost
    /// The dead-letter queue has no room, and its `on_full` is `fail`; the item is where it was.
    case full
    case timedOut
  }

  private let reader: QueueReader
  private let type: ItemType
  private let queueName: String
  private let worker: String
  private let process: WorkerProcess
  /// The dead-letter queue's, as this worker writes it.
  private let lane: Outlet.Lane?

  /// `nil`: it reads no queue.
  init?(of reader: QueueReader, in process: WorkerProcess) {
    let resources = process.topology.resources
    guard case .queue(let queue) = resources[reader.queue.resource].kind else { return nil }
    self.reader = reader
    type = queue.storedType
    queueName = resources[reader.queue.resource].name
    let declaration = process.topology.processes[process.process]
    worker = "\(declaration.name)-\(process.replica)"
    self.process = process
    let lookup = Bindings.Lookup(resources: resources, arena: process.arena, worker: process.worker)
    lane = queue.deadLetterQueue.flatMap { lookup.output(ResourceReference(resource: $0, place: declaration.place)) }
  }

  /// The item that `progress` is about, whose record is `payload`. `place`: where the file says so; `reason`: the
  /// reader's own words. Waits for room among the dead letters.
  func reject(
    _ payload: UnsafeRawBufferPointer, _ progress: InputProgress, at place: String, because reason: String?,
    by stepper: inout Stepper, until deadline: UInt64? = nil
  ) -> Outcome {
    // Before the step: behind it, the item's bytes may be written over.
    let told = Told(item: ItemView(payload, type).excerpt, place: place, reason: reason)
    guard let lane, case .queue(let writer) = lane.port else {
      return lose(progress, told, by: &stepper, help: "declare a dead_letter queue for such items")
    }
    lane.buffer.removeAll()
    do {
      try lane.put(record: payload, of: type)
    } catch {
      let failure = error as? KindFailure
      return lose(
        progress, told, by: &stepper,
        help: "\(failure?.message ?? "\(error)")\(failure?.help.map { ": \($0)" } ?? "")")
    }
    switch stepper.reject(progress, of: reader, as: (writer, lane.buffer.pending), until: deadline) {
    case .done:
      tell(told, .warning, "it is in '\(lane.resourceName)' now")
      return .deadLettered
    case .full: return .full
    case .timedOut: return .timedOut
    case .readersEnded:
      return lose(
        progress, told, by: &stepper,
        help: "let something read its dead_letter queue '\(lane.resourceName)' to the end")
    }
  }

  private func lose(
    _ progress: InputProgress, _ told: Told, by stepper: inout Stepper, help: String
  ) -> Outcome {
    _ = stepper.reject(progress, of: reader, as: nil)
    tell(told, .error, "it is lost\n  = help: \(help)")
    return .lost
  }

  private struct Told {
    var item: String
    var place: String
    var reason: String?
  }

  private func tell(_ told: Told, _ severity: OwnWords.Severity, _ what: String) {
    let reason = told.reason.map { ": \($0)" } ?? ""
    process.report(
      "\(told.place): \(severity): process '\(worker)' rejected the item \(told.item) of '\(queueName)'\(reason); "
        + what, severity)
  }
}
