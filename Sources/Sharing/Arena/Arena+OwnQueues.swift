extension Arena {
  /// For the supervisor itself, which puts and takes without waiting.
  package func ownWriter(ofQueue resource: Int) -> QueueWriter? {
    queue(resource).map { QueueWriter(queue: $0, holder: supervisor) }
  }

  /// Of a queue that the plan gives no reader.
  package func ownReader(ofQueue resource: Int) -> QueueReader? {
    queue(resource).map { QueueReader(queue: $0, holder: supervisor, worker: HolderID.supervisorIndex) }
  }
}
