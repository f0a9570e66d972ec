import Supervisor

extension TopModel {
  /// Moves so far by a page key.
  private static let pageStep = 10
  /// Nothing is longer that is not a log.
  private static let longestPage = 1000

  /// What someone pressed; gives what is to be done about it.
  mutating func handle(_ key: Key) -> [Effect] {
    if key == .control("c") { return [.quit] }
    switch (prompt, view) {
    case (.filter(let before), _): return edit(key, before: before)
    case (.confirm(let action), _): return answer(key, action)
    case (.none, .overview): return overview(key)
    case (.none, .log(let log)): return read(key, log)
    case (.none, .resource(let name, let offset)): leaf(key, offset) { .resource(name: name, offset: $0) }
    case (.none, .help(let offset)): leaf(key, offset) { .help(offset: $0) }
    }
    return []
  }

  private mutating func overview(_ key: Key) -> [Effect] {
    // It was read, or it is in the way.
    notice = nil
    switch key {
    case .character("q"): return [.quit]
    case .escape: filter = ""
    case .character("?"), .character("h"): view = .help(offset: 0)
    case .character("/"): prompt = .filter(before: filter)
    case .tab: pane = pane == .processes ? .resources : .processes
    case .character("r"): return ask(.restart)
    case .character("x"): return ask(.stop)
    case .character("s"): return ask(.start)
    case .character("+"): return scale(by: 1)
    case .character("-"): return scale(by: -1)
    case .enter where pane == .resources:
      let shown = shownResources
      if !shown.isEmpty { view = .resource(name: shown[resourceIndex].status.name, offset: 0) }
    case .enter, .character("l"): return openLog(of: selected?.name)
    case .character("e"): return openLog(of: TopLog.ofMporch)
    case .character(let letter): if let order = TopOrder(rawValue: letter) { sort(order) } else { move(key) }
    default: move(key)
    }
    return []
  }

  private mutating func sort(_ order: TopOrder) {
    isReversed = order == self.order && !isReversed
    self.order = order
    // What comes first in it is what one wants to see.
    selectedProcess = nil
  }

  // MARK: Moving

  private mutating func move(_ key: Key) {
    guard let step = Self.step(key) else { return }
    switch pane {
    case .processes: selectedProcess = Self.moved(from: processIndex, by: step, in: shownProcesses.map(\.status.name))
    case .resources: selectedResource = Self.moved(from: resourceIndex, by: step, in: shownResources.map(\.status.name))
    }
  }

  private static func moved(from index: Int, by step: Int, in names: [String]) -> String? {
    names.isEmpty ? nil : names[min(max(index + step, 0), names.count - 1)]
  }

  /// Down by so much; far more than there can be, for the first and the last.
  private static func step(_ key: Key) -> Int? {
    switch key {
    case .up, .character("k"): -1
    case .down, .character("j"): 1
    case .pageUp: -pageStep
    case .pageDown, .character(" "): pageStep
    case .home, .character("g"): -1_000_000
    case .end, .character("G"): 1_000_000
    default: nil
    }
  }

  // MARK: Acting

  private mutating func scale(by step: Int) -> [Effect] {
    let count = selected.map(instanceCount) ?? 1
    guard count + step >= 1 else {
      notice = Notice(text: "a process has one instance at least; x stops it", sort: .failure)
      return []
    }
    return ask(.scale(to: count + step))
  }

  private func instanceCount(of status: InstanceStatus) -> Int {
    sample?.processes.count { $0.status.process == status.process } ?? 1
  }

  private mutating func ask(_ verb: TopAction.Verb) -> [Effect] {
    guard phase == .running else {
      notice = Notice(text: "the run has ended", sort: .failure)
      return []
    }
    guard pane == .processes, let selected else {
      notice = Notice(text: "choose a process: Tab goes to them", sort: .failure)
      return []
    }
    let action = TopAction(
      verb: verb, instance: selected.name, process: selected.process, instanceCount: instanceCount(of: selected))
    if action.needsConfirmation {
      prompt = .confirm(action)
      return []
    }
    return [.perform(action, forAll: false)]
  }

  private mutating func answer(_ key: Key, _ action: TopAction) -> [Effect] {
    prompt = .none
    switch key {
    case .character("y"), .character("Y"): return [.perform(action, forAll: false)]
    case .character("a"), .character("A"): return [.perform(action, forAll: true)]
    default: return []
    }
  }

  // MARK: Filtering

  private mutating func edit(_ key: Key, before: String) -> [Effect] {
    switch key {
    case .enter: prompt = .none
    case .escape: (filter, prompt) = (before, .none)
    case .backspace, .delete: if filter.isEmpty { prompt = .none } else { filter.removeLast() }
    case .control("u"): filter = ""
    case .character(let character): filter.append(character)
    default: move(key)
    }
    return []
  }

  // MARK: Other pages

  private mutating func openLog(of instance: String?) -> [Effect] {
    guard let instance else { return [] }
    view = .log(TopLog(instance: instance))
    return [.openLog(instance: instance)]
  }

  private mutating func read(_ key: Key, _ log: TopLog) -> [Effect] {
    switch key {
    case .escape, .character("q"), .left:
      view = .overview
      return [.closeLog]
    default:
      var log = log
      if let step = Self.step(key) { log.scroll(by: -step) }
      view = .log(log)
      return []
    }
  }

  /// A page that one only looks at: any key but those that move leaves it.
  private mutating func leaf(_ key: Key, _ offset: Int, _ page: (Int) -> View) {
    view = Self.step(key).map { page(min(max(offset + $0, 0), Self.longestPage)) } ?? .overview
  }
}
