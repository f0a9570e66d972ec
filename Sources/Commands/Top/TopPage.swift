import Platform
import Supervisor
import Text

/// The page as lines: what `model` says, in a terminal of that size.
struct TopPage {
  /// A terminal that is lower has no lines to spare for air.
  static let roomyRowCount = 16

  let model: TopModel
  let size: TerminalSize

  func render() -> [StyledLine] {
    let footer = TopFooter(model: model, width: size.columns).render(rowLimit: max(1, size.rows / 3))
    let heading = TopHeader(model: model, width: size.columns).render()
    let air = size.rows >= Self.roomyRowCount ? [StyledLine()] : []
    let room = max(0, size.rows - 1 - air.count - footer.count)
    let lines = [heading] + air + Self.filled(body(rowCount: room), rowCount: room) + footer
    return Array(lines.prefix(size.rows))
  }

  /// All that there is, however much, for a stream that is no terminal.
  static func whole(_ model: TopModel, width: Int) -> [StyledLine] {
    let rowCount = model.shownProcesses.count + model.shownResources.count + 4
    var lines = [TopHeader(model: model, width: width).render(), StyledLine()]
    lines += TopOverview(model: model, width: width).render(rowCount: max(8, rowCount))
    while lines.last?.text.allSatisfy({ $0 == " " }) ?? false { lines.removeLast() }
    return lines
  }

  private func body(rowCount: Int) -> [StyledLine] {
    switch model.view {
    case .overview: TopOverview(model: model, width: size.columns).render(rowCount: rowCount)
    case .log(let log): Self.render(log, width: size.columns, rowCount: rowCount)
    case .resource(let name, let offset): Self.window(facts(of: name), from: offset, rowCount: rowCount)
    case .help(let offset): Self.window(TopHelp.lines, from: offset, rowCount: rowCount)
    }
  }

  private func facts(of name: String) -> [StyledLine] {
    guard let resource = model.sample?.resources.first(where: { $0.status.name == name }) else { return [] }
    return ResourceViews.page(resource.status).split(separator: "\n").dropFirst().map { StyledLine(String($0)) }
  }

  /// From the last line upwards, long ones in several rows.
  private static func render(_ log: TopLog, width: Int, rowCount: Int) -> [StyledLine] {
    var rows: [StyledLine] = []
    for line in log.lines.dropLast(log.linesBelow).reversed() {
      guard rows.count < rowCount else { break }
      rows += line.wrapped(toDisplayWidth: max(2, width)).reversed().map { StyledLine($0) }
    }
    if log.lines.isEmpty { rows = [StyledLine("nothing was printed yet", .dim)] }
    return Array(rows.prefix(rowCount).reversed())
  }

  /// Shows the end rather than nothing.
  private static func window(_ lines: [StyledLine], from offset: Int, rowCount: Int) -> [StyledLine] {
    Array(lines.dropFirst(min(offset, max(0, lines.count - rowCount))).prefix(rowCount))
  }

  private static func filled(_ lines: [StyledLine], rowCount: Int) -> [StyledLine] {
    lines + Array(repeating: StyledLine(), count: max(0, rowCount - lines.count))
  }
}

/// The first line: which run, how it stands, what it takes.
struct TopHeader {
  let model: TopModel
  let width: Int

  func render() -> StyledLine {
    var line = left
    let right = right
    let room = width - line.displayWidth - right.displayWidth
    if room >= 2 {
      line.pad(to: width - right.displayWidth)
      line.append(right)
    }
    return line
  }

  private var left: StyledLine {
    var line = StyledLine(model.run.project, .bold)
    switch model.view {
    case .log(let log):
      line.append("  log of \(log.instance)", .plain)
      line.append(log.isFollowing ? "  following" : "  \(log.linesBelow) lines below", .dim)
      return line
    case .resource(let name, _):
      line.append("  \(name)")
      return line
    case .help: return StyledLine([TextSpan("mporch top", .bold), TextSpan("  keys")])
    case .overview: break
    }
    for (state, word, style) in Self.states {
      let count = model.sample?.processes.count { $0.status.state == state } ?? 0
      if count > 0 { line.append("  \(count) \(word)", style) }
    }
    if let words = model.staleness { line.append("  \(words)", .coloured(.yellow)) }
    return line
  }

  private var right: StyledLine {
    guard model.view == .overview, let sample = model.sample else { return StyledLine() }
    var parts: [String] = []
    if let seconds = model.elapsedSeconds { parts.append("up \(Quantity.duration(seconds: seconds))") }
    let shares = sample.processes.compactMap(\.processorShare)
    if !shares.isEmpty { parts.append("CPU \(TopProcessPane.percent(shares.reduce(0, +)))") }
    let memory = sample.processes.compactMap(\.status.rssBytes).reduce(0, +)
    if memory > 0 { parts.append("RSS \(Quantity.bytes(memory))") }
    return StyledLine(parts.joined(separator: "   "))
  }

  private static let states: [(InstanceStatus.State, String, TextStyle)] = [
    (.failed, "failed", TextStyle(colour: .red, weight: .bold)),
    (.neverStarted, "never started", TextStyle(colour: .red, weight: .bold)),
    (.running, "running", .coloured(.green)), (.pending, "pending", .coloured(.yellow)),
    (.restarting, "restarting", .coloured(.yellow)), (.stopping, "stopping", .coloured(.yellow)),
    (.stopped, "stopped", .coloured(.yellow)), (.succeeded, "done", .dim),
  ]
}

/// The last line or lines: a question, what came of a key, or the keys that there are.
struct TopFooter {
  let model: TopModel
  let width: Int

  func render(rowLimit: Int) -> [StyledLine] {
    switch model.prompt {
    case .filter: return [StyledLine([TextSpan("/\(model.filter)"), TextSpan(" ", TextStyle(isReversed: true))])]
    case .confirm(let action): return words(action.question, .coloured(.yellow), rowLimit)
    case .none: break
    }
    if let notice = model.notice { return words(notice.text, Self.style(of: notice.sort), rowLimit) }
    if case .ended(let words, let isFailure) = model.phase, model.view == .overview {
      return self.words(words + "   q quits", isFailure ? TextStyle(colour: .red, weight: .bold) : .bold, rowLimit)
    }
    return [hints]
  }

  private func words(_ text: String, _ style: TextStyle, _ rowLimit: Int) -> [StyledLine] {
    var rows: [String] = []
    for word in TextSpan(text.replacing("\n", with: " ")).text.split(separator: " ", omittingEmptySubsequences: false) {
      if let last = rows.last, last.displayWidth + 1 + String(word).displayWidth <= width {
        rows[rows.count - 1] = last + " " + word
      } else {
        rows += String(word).wrapped(toDisplayWidth: max(2, width))
      }
    }
    return rows.prefix(rowLimit).map { StyledLine($0, style) }
  }

  private static func style(of sort: TopModel.Notice.Sort) -> TextStyle {
    switch sort {
    case .progress: .coloured(.yellow)
    case .success: .coloured(.green)
    case .failure: TextStyle(colour: .red, weight: .bold)
    }
  }

  /// As many as there is room for.
  private var hints: StyledLine {
    var line = StyledLine()
    if !model.filter.isEmpty, model.view == .overview {
      line.append("only /\(model.filter)  ", .coloured(.yellow))
    }
    for (key, word) in keys {
      let hint = StyledLine([TextSpan(key, .bold), TextSpan(" \(word)  ", .dim)])
      guard line.displayWidth + hint.displayWidth - 2 <= width else { break }
      line.append(hint)
    }
    return line
  }

  private var keys: [(String, String)] {
    switch model.view {
    case .overview:
      [
        ("q", "quit"), ("?", "help"), ("↑↓", "choose"), ("Enter", "log"), ("r", "restart"), ("x", "stop"),
        ("s", "start"), ("/", "filter"), ("+-", "scale"), ("NCMR", "sort"), ("Tab", "resources"),
      ]
    case .log: [("Esc", "back"), ("↑↓ PgUp PgDn", "scroll"), ("End", "follow")]
    case .resource, .help: [("Esc", "back"), ("↑↓", "scroll")]
    }
  }
}

/// What every key does.
enum TopHelp {
  static let lines: [StyledLine] = {
    var lines: [StyledLine] = []
    for section in sections {
      lines += [StyledLine(section.title, .bold)]
      lines += section.keys.map { key, words in
        StyledLine([
          TextSpan("  " + key.fitted(toDisplayWidth: keyWidth, alignment: .left), .coloured(.cyan)), TextSpan(words),
        ])
      }
      lines.append(StyledLine())
    }
    return lines
  }()

  private static let keyWidth = 14

  private struct Section {
    var title: String
    var keys: [(String, String)]
  }

  private static let sections: [Section] = [
    Section(
      title: "Look",
      keys: [
        ("↑ ↓ k j", "choose a process"), ("PgUp PgDn", "ten at once"), ("Home End g G", "the first, the last"),
        ("Tab", "to the resources and back"), ("Enter l", "the log of the process; Esc goes back"),
        ("Enter", "at a resource: all that is known of it"),
        ("e", "what mporch has noted"), ("/", "show only what has these letters in name, state or wait"),
        ("Esc", "show all again"),
      ]),
    Section(
      title: "Sort", keys: TopOrder.allCases.map { ("\($0.rawValue)", $0.words) } + [("again", "the other way round")]),
    Section(
      title: "Act on the process",
      keys: [
        ("r", "restart it"), ("x", "stop it; its queues stay open"), ("s", "start it, if it has stopped or ended"),
        ("+ -", "one instance more, one less"),
      ]),
    Section(title: "Leave", keys: [("q Ctrl-C", "the run goes on")]),
  ]
}
