internal import Topology

/// Whether an instance that ended is started again, and when: its policy, and an exponential pause.
struct RestartDecider: Equatable {
  static let longestPause = Duration.seconds(30)
  /// A life this long counts as healthy: the next pause is the first again.
  static let healthyLife = Duration.seconds(10)

  let policy: ProcessDeclaration.RestartPolicy
  let firstPause: Duration
  private(set) var restartCount = 0
  private var nextPause: Duration

  init(policy: ProcessDeclaration.RestartPolicy, firstPause: Duration) {
    self.policy = policy
    self.firstPause = firstPause
    nextPause = min(firstPause, Self.longestPause)
  }

  /// The pause before its restart; `nil`: it has ended for good.
  mutating func pause(after death: LifeEvent.Death) -> Duration? {
    guard mayRestart(after: death.outcome) else { return nil }
    if death.lived >= Self.healthyLife || death.hasFinishedItems { nextPause = min(firstPause, Self.longestPause) }
    defer { nextPause = min(nextPause * 2, Self.longestPause) }
    restartCount += 1
    return nextPause
  }

  /// What has failed so far counts no more.
  mutating func renew() { self = Self(policy: policy, firstPause: firstPause) }

  private func mayRestart(after outcome: LifeOutcome) -> Bool {
    switch (policy, outcome) {
    case (.never, _), (_, .succeeded(byEndOfStream: true)), (.onFailure, .succeeded): false
    case (.always, _): true
    case (.onFailure(let limit), .failed): limit.map { restartCount < $0 } ?? true
    }
  }
}
