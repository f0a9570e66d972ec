import Supervisor

/// What a key asks of a run.
struct TopAction: Equatable {
  enum Verb: Equatable {
    case restart, stop, start
  }

  var verb: Verb
  /// An instance.
  var instance: String
  /// Of the instance; how many it has.
  var process: String
  var instanceCount: Int

  /// The request about the instance, or about all of its process.
  func request(forAll: Bool) -> ControlRequest {
    let target = target(forAll: forAll)
    return switch verb {
    case .restart: .restart(target: target)
    case .stop: .stop(target: target, gracePeriodSeconds: nil)
    case .start: .start(target: target)
    }
  }

  func target(forAll: Bool) -> String { forAll ? process : instance }

  /// A process that works is not disturbed by a slip of a finger.
  var needsConfirmation: Bool { verb != .start }

  var question: String {
    let all = instanceCount > 1 ? "   a all \(instanceCount) of \(process)" : ""
    return "\(verb.word) \(instance)?   y yes\(all)   n no"
  }
}

extension TopAction.Verb {
  var word: String {
    switch self {
    case .restart: "restart"
    case .stop: "stop"
    case .start: "start"
    }
  }

  /// Once it is done.
  var pastWord: String {
    switch self {
    case .restart: "restarted"
    case .stop: "stopped"
    case .start: "started"
    }
  }
}
