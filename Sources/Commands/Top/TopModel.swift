import Supervisor

/// What the page is about: the run as it was last seen, and where in it its user is. Knows neither terminal nor socket:
/// keys and answers go in, effects come out.
struct TopModel: Equatable {
  enum Pane: Equatable {
    case processes, resources
  }

  /// What covers the page.
  enum View: Equatable {
    case overview
    case log(TopLog)
    /// All that is known of one.
    case resource(name: String, offset: Int)
    case help(offset: Int)
  }

  /// What the next key is for.
  enum Prompt: Equatable {
    case none
    /// `before`: what Escape goes back to.
    case filter(before: String)
    case confirm(TopAction)
  }

  struct Notice: Equatable {
    enum Sort: Equatable {
      case progress, success, failure
    }

    var text: String
    var sort: Sort
  }

  enum Phase: Equatable {
    case running
    /// How, in words.
    case ended(String, isFailure: Bool)
  }

  /// What is to be done outside.
  enum Effect: Equatable {
    case quit
    case perform(TopAction, forAll: Bool)
    case openLog(instance: String)
    case closeLog
  }

  let run: RunStatus
  var phase = Phase.running
  var sample: TopSample?
  /// Since the run's start, at the last sample.
  var elapsedSeconds: Double?
  /// For how long the supervisor has not answered, where that is unusual.
  var silentSeconds: Int?
  var view = View.overview
  var prompt = Prompt.none
  var notice: Notice?
  var filter = ""
  var order = TopOrder.file
  var isReversed = false
  var pane = Pane.processes
  /// By name; `nil`: the first.
  var selectedProcess: String?
  var selectedResource: String?

  init(_ run: RunStatus) { self.run = run }
}

extension TopModel {
  /// Those that the filter lets pass, in the order that is asked for.
  var shownProcesses: [TopSample.Process] {
    order.sort(
      sample?.processes.filter { passes([$0.status.name, words(of: $0.status)]) } ?? [], isReversed: isReversed)
  }

  var shownResources: [TopSample.Resource] {
    sample?.resources.filter { passes([$0.status.name, TopResource($0).sort]) } ?? []
  }

  /// Index among `shownProcesses`.
  var processIndex: Int { index(of: selectedProcess, among: shownProcesses.map(\.status.name)) }
  var resourceIndex: Int { index(of: selectedResource, among: shownResources.map(\.status.name)) }

  /// Why the page may be old.
  var staleness: String? {
    if phase != .running { return "has ended" }
    return silentSeconds.map { "no answer for \($0)s" }
  }

  /// `nil`: none is shown.
  var selected: InstanceStatus? {
    let shown = shownProcesses
    return shown.isEmpty ? nil : shown[processIndex].status
  }

  private func index(of name: String?, among names: [String]) -> Int {
    name.flatMap { names.firstIndex(of: $0) } ?? 0
  }

  private func passes(_ texts: [String]) -> Bool {
    filter.isEmpty || texts.contains { $0.lowercased().contains(filter.lowercased()) }
  }

  private func words(of status: InstanceStatus) -> String {
    [status.state.rawValue, status.health?.rawValue, status.waitingOn].compactMap(\.self).joined(separator: " ")
  }
}

extension TopModel {
  /// What the run is now. `time`: of CLOCK_MONOTONIC, `wallTime`: since 1970, both in nanoseconds.
  mutating func take(_ look: TopFeed.Look, time: UInt64, wallTime: Int64) {
    sample = TopSample(look.instances, look.resources, time: time, after: sample)
    elapsedSeconds = Double(wallTime - run.startedAt) / 1e9
  }

  /// How the processes stood at the end; of the resources nothing is left but the last look.
  mutating func take(_ outcome: RunOutcome) {
    elapsedSeconds = Double(outcome.endedAt - run.startedAt) / 1e9
    guard let last = sample else { return }
    let known = Set(outcome.instances.map(\.name))
    sample = TopSample(
      outcome.instances + last.processes.map(\.status).filter { !known.contains($0.name) },
      last.resources.map(\.status), time: last.time, after: nil)
  }
}
