import Platform
import Supervisor

/// Asks a run now and then what it is, by two requests at once, and never waits for the answers.
final class TopFeed {
  struct Look {
    var instances: [InstanceStatus]
    var resources: [ResourceStatus]
  }

  private let connect: () -> ControlConnection?
  private var connection: ControlConnection?
  private var instances: [InstanceStatus]?
  /// CLOCK_MONOTONIC, nanoseconds; `nil`: nothing is awaited.
  private(set) var askedAt: UInt64?

  init(connect: @escaping () -> ControlConnection?) { self.connect = connect }

  /// Readable when an answer is there; -1: none is awaited.
  var descriptor: Int32 { askedAt == nil ? -1 : connection?.descriptor ?? -1 }

  /// One look at a time: a supervisor that has no time is not asked again and again.
  func ask() {
    guard askedAt == nil else { return }
    // The supervisor closes a connection on which it was not asked for a while.
    if connection?.isReadable ?? true { connection = connect() }
    guard let connection else { return }
    do {
      try connection.send(.ps)
      try connection.send(.inspect(resources: [], excerptCount: 10))
      askedAt = MonotonicClock.now
    } catch {
      self.connection = nil
    }
  }

  /// To be called when the descriptor is readable; `nil`: the look is not complete.
  func receive() throws -> Look? {
    guard let connection, try connection.receive() else {
      giveUp()
      return nil
    }
    while connection.hasReply, let reply = try connection.next() {
      switch reply {
      case .processes(let instances, _): self.instances = instances
      case .resources(let resources):
        guard let instances = instances.take() else { throw CommandFailure.unexpectedReply }
        askedAt = nil
        return Look(instances: instances, resources: resources)
      default: throw CommandFailure.unexpectedReply
      }
    }
    return nil
  }

  private func giveUp() { (connection, instances, askedAt) = (nil, nil, nil) }
}
