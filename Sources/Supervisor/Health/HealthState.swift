internal import Topology

/// How healthy one life of an instance is, by what its tests answered; and when to test it next.
///
/// Docker's rules: the first success makes it healthy, `retries` failures in a row make it unhealthy, and a success makes
/// it healthy again. While it starts, failures within the first `interval` or the `start_period` don't count, and tests
/// follow one another sooner: what is ready early is found ready early.
struct HealthState: Equatable {
  /// Between the first two tests; then twice as long each time, up to the interval.
  static let firstPause = Duration.milliseconds(100)

  private let check: ProcessDeclaration.HealthCheck
  private(set) var standing = InstanceStatus.Health.starting
  private(set) var failuresInARow = 0
  private var nextEarlyPause = firstPause

  init(_ check: ProcessDeclaration.HealthCheck) { self.check = check }

  /// What a test has answered that began at this age of the life; whether the standing is another one now.
  mutating func take(isSuccess: Bool, begunAt age: Duration) -> Bool {
    let before = standing
    if isSuccess {
      failuresInARow = 0
      standing = .healthy
    } else if standing != .starting || age >= startTime {
      failuresInARow += 1
      if failuresInARow >= check.retries { standing = .unhealthy }
    }
    return standing != before
  }

  /// From the end of a test, at this age of the life, to the next one.
  mutating func pause(at age: Duration) -> Duration {
    guard standing == .starting, age < startTime else { return check.interval }
    defer { nextEarlyPause = min(nextEarlyPause * 2, check.interval) }
    return min(nextEarlyPause, check.interval, startTime - age)
  }

  private var startTime: Duration { max(check.interval, check.startPeriod) }
}
