import Supervisor

/// What a key asks of a run.
struct TopAction: Equatable {
  enum Verb: Equatable {
    case restart, stop, start
    /// Of the process: so many instances.
    case scale(to: Int)
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
    case .scale(let count): .scale([process: count])
    }
  }

  func target(forAll: Bool) -> String {
    if case .scale = verb { process } else { forAll ? process : instance }
  }

  /// A process that works is not disturbed by a slip of a finger.
  var needsConfirmation: Bool {
    switch verb {
    case .restart, .stop: true
    case .start: false
    case .scale(let count): count < instanceCount
    }
  }

  var question: String {
    if case .scale(let count) = verb { return "scale \(process) from \(instanceCount) to \(count)?   y yes   n no" }
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
    case .scale: "scale"
    }
  }

  /// Once it is done.
  var pastWord: String {
    switch self {
    case .restart: "restarted"
    case .stop: "stopped"
    case .start: "started"
    case .scale(let count): "scaled to \(count)"
    }
  }
}
