/// What a watch over an instance's health has to say.
enum HealthReport: Equatable {
  case healthy
  /// `reason` follows the instance's name: `its test failed 3 times in a row, …`.
  case unhealthy(reason: String)
  /// The check can't be made at all: something to be changed in the file. Once a life.
  case broken(reason: String)
  /// Its output has ended, and no line matched.
  case neverReady
}

/// Watches the health of one life of an instance.
protocol HealthWatch: AnyObject {
  /// The life is over, and its output was taken; whether the watch has more to say for all that.
  func finish() -> Bool
  /// Whether it has nothing to say until the instance prints something.
  var isIdle: Bool { get }
  /// Nothing more is to be said; what the watch has started is killed.
  func end()
}
