internal import Glibc
internal import Platform
internal import Sharing
internal import Topology

/// What living workers are told: those of kinds and scripts by signals, the process above a command by orders.
extension Run {
  /// `drains`: a command may answer what it has before it gets its stop signal.
  func tell(_ instance: Instance, toEndWithin gracePeriod: Duration, drains: Bool) {
    guard let pid = instance.state.life?.pid else { return }
    if !instance.declaration.isCommand || !order(.stop(drains: drains, gracePeriod: gracePeriod), pid) {
      Glibc.kill(pid, instance.declaration.stopSignal)
    }
    // One that was stopped (SIGSTOP) must run to receive it.
    Glibc.kill(pid, SIGCONT)
  }

  /// A command gets its signals from the process above it; but for SIGKILL, which is for that one, and all with it.
  func send(_ signal: Int32, to instance: Instance) {
    guard let pid = instance.state.life?.pid else { return }
    if instance.declaration.isCommand, signal != SIGKILL, order(.send(signal), pid) { return }
    Glibc.kill(pid, signal)
  }

  /// Commands that print into what nobody reads any more are told, also those that print nothing.
  func tellCommandsWithoutReaders() {
    for process in topology.processes where process.isCommand && !hasReaders(process) {
      for instance in byProcess[process.name] ?? [] where instance.state.isRunning {
        if let pid = instance.state.life?.pid { _ = order(.lookForReaders, pid) }
      }
    }
  }

  /// Of anything that it puts; also one that puts nothing.
  private func hasReaders(_ process: ProcessDeclaration) -> Bool {
    process.outputs.isEmpty
      || process.outputs.contains { arena.hasReaders($0.target.resource.index, fromA: $0.target.end != .b) }
  }

  /// False: the system has no room for another signal.
  private func order(_ order: CommandOrder, _ pid: Int32) -> Bool { (try? order.send(to: pid)) != nil }
}
