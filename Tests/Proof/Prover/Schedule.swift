/// When the others of a scenario begin.
enum Beginning: String, CaseIterable {
  /// Before the victim: one after the other, each until it waits.
  case before
  /// Where the victim is first suspended, or waits.
  case beside
}

/// Who runs when.
struct Schedule: CustomStringConvertible {
  var beginning: Beginning
  /// Numbers, from 1, of the victim's touches of what it shares with the others: before each of these they run until
  /// they wait or have ended. Ascending.
  var suspensions: [Int] = []
  /// At the last suspension not the others run, but the rival alone, up to its touch with that number; then the victim
  /// goes on.
  var rivalTouch: Int?
  /// The victim dies where it is suspended last.
  var isKilled = false

  /// Whoever begins first waits first, and what wakes one only wakes that: both orders come up.
  var isOrderReversed: Bool { suspensions.reduce(0, +) % 2 == 1 }

  var description: String {
    let start = "the others begin \(beginning.rawValue) the victim\(isOrderReversed ? ", the last one first" : "")"
    let stops = suspensions.map { ", it is suspended before its touch \($0)" }.joined()
    let rival = rivalTouch.map { ", where the rival runs up to its touch \($0)" } ?? ""
    return start + stops + rival + (isKilled ? " and dies there" : "")
  }
}

/// How many of the schedules are played.
struct Thoroughness {
  /// Of one suspension, of each beginning.
  var suspensions = 150
  /// Of two.
  var pairs = 0
  /// Of one of the victim and one of its rival.
  var rivalPairs = 1000
  /// Deaths of a victim whose next life dies too.
  var secondDeaths = 100
  /// Places where the victim dies, of each pair of deaths, and where its rival does.
  var deathsOfVictim = 40
  var deathsOfRival = 40

  /// All of `1...count`, or so many at even distances.
  func suspensions(upTo count: Int) -> [Int] {
    Self.spread(suspensions, over: Array(stride(from: 1, through: count, by: 1)))
  }

  static func spread<Element>(_ limit: Int, over all: [Element]) -> [Element] {
    all.count <= limit ? all : (0..<limit).map { all[$0 * all.count / limit] }
  }
}
