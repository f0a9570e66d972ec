internal import Text
internal import Topology

/// Processes that wait for one another for ever, as mporch tells of them.
struct Deadlock: Equatable {
  struct Member: Equatable {
    var worker: Int
    var name: String
    /// `FILE:LINE:COLUMN` of its process, or `FILE:LINE` where its script waits.
    var place: String
    /// What it waits for, after `waits`, with the places of the resources.
    var wait: String
    /// The same in short: how it failed.
    var shortWait: String
    /// `nil`: it has not started.
    var seconds: Double?
    /// What would have let it go on.
    var remedy: Remedy?

    var reason: String { "is in a deadlock: it waits \(shortWait)" }
  }

  enum Remedy: Hashable {
    case lockOrder
    case moreRoom(String)
  }

  /// Of its first living process.
  var place: Place
  /// Each waits for what only others of them could do.
  var members: [Member]
  /// Who waits for what these were to do, and is not at fault.
  var behind: [String]

  /// Behind the place.
  var text: String {
    let lines = members.map { member in
      let duration = member.seconds.map { " (for \(Quantity.duration(seconds: $0)))" } ?? ""
      return "\(member.place): note: '\(member.name)' waits \(member.wait)\(duration)"
    }
    return ([heading] + lines + helps.map { "  = help: \($0)" }).joined(separator: "\n")
  }

  private var heading: String {
    let names = members.map(\.name)
    let what =
      names.count == 1
      ? "'\(names[0])' waits for what nobody can do any more"
      : "\(Self.list(names)) wait for one another, and nobody else can let them go on"
    return "deadlock: \(what)" + (behind.isEmpty ? "" : "; \(Self.list(behind)) behind that")
  }

  static func list(_ names: [String]) -> String {
    let quoted = names.prefix(20).map { "'\($0)'" } + (names.count > 20 ? ["\(names.count - 20) more"] : [])
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }

  private var helps: [String] {
    var seen: Set<Remedy> = []
    let remedies = members.compactMap(\.remedy).filter { seen.insert($0).inserted }
    let room = remedies.compactMap { if case .moreRoom(let words) = $0 { words } else { nil } }
    // Where not all wait for locks, another order of the locks alone would not do.
    let isOfLocks = members.count > 1 && members.allSatisfy { $0.remedy == .lockOrder }
    return isOfLocks ? ["let all take these locks in the same order, or give up after a time-out"] : room
  }
}
