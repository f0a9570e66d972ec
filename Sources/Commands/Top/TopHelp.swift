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
