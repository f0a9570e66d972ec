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
