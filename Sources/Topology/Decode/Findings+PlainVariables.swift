// `$NAME` without braces, which Compose and its like replace and which stays as it is here.

extension Findings {
  /// A value that no shell reads.
  func warnOfPlainVariables(in node: Node, _ subject: String) {
    let words = node.scalar?.plainVariables ?? []
    guard !words.isEmpty else { return }
    let bare = words.map { String($0.drop { $0 == "$" }) }
    warning(
      at: node.place,
      "\(Wording.enumeration(Wording.quoted(words))) in \(subject) \(words.count == 1 ? "stays as it is" : "stay as they are")",
      help: "write \(Wording.enumeration(bare.map { "${\($0)}" })): only a name in braces is replaced")
  }

  /// Of one that is not there.
  func helpOfPath(_ node: Node) -> String? {
    node.scalar?.plainVariables.first.map { "write ${\($0.drop { $0 == "$" })}: only a name in braces is replaced" }
  }

  /// A shell's own variables are the shell's: but `$$` is its process id, and no `$` that is to stay.
  func warnOfPlainVariables(inLine node: Node, _ subject: String) {
    guard let word = node.scalar?.plainVariables.first(where: { $0.hasPrefix("$$") }) else { return }
    let name = word.drop { $0 == "$" }
    warning(
      at: node.place, "'\(word)' in \(subject) is the shell's process id, and '\(name)' behind it",
      help: "write ${\(name)} for what it is when the file is read, $\(name) for what it is in the shell")
  }

  func warnOfPlainVariables(inCommand elements: [Node], _ subject: String) {
    let words = elements.map { $0.scalar?.text ?? "" }
    if words.contains(where: Self.readsVariablesItself) { return }
    let line = words.firstIndex(where: Self.isShell).flatMap { shell in
      words[shell...].firstIndex { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains("c") }
    }
    for (index, element) in elements.enumerated() {
      if let line, index > line {
        warnOfPlainVariables(inLine: element, subject)
      } else {
        warnOfPlainVariables(in: element, subject)
      }
    }
  }

  private static func isShell(_ word: String) -> Bool {
    ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox"].contains(PathText.lastComponent(of: word))
  }

  /// In their texts a `$` has a meaning of its own.
  private static func readsVariablesItself(_ word: String) -> Bool {
    ["awk", "gawk", "mawk", "nawk", "perl", "php", "jq", "envsubst", "tclsh", "expect", "ssh", "make"]
      .contains(PathText.lastComponent(of: word))
  }
}
