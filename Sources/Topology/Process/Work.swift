/// `task`, `script`, `run`: exactly one.
struct WorkDecoder {
  let findings: Findings

  func work(_ fields: Fields<ProcessKey>) -> ProcessDeclaration.Work? {
    guard let key = single(of: [.task, .script, .run], fields), let node = fields[key]?.value else { return nil }
    if key == .run { return command(node, fields.subject(key)).map { .command($0, place: node.place) } }
    return key == .task ? kind(node, fields.subject(key)) : script(node, fields.subject(key))
  }

  func poolWork(_ fields: Fields<PoolKey>) -> ProcessDeclaration.Work? {
    guard let key = single(of: [.task, .script], fields), let node = fields[key]?.value else { return nil }
    return key == .task ? kind(node, fields.subject(key)) : script(node, fields.subject(key))
  }

  /// A list is the command itself, a string goes to the shell.
  func command(_ node: Node, _ subject: String) -> [String]? {
    if case .sequence(let elements) = node.content {
      guard !elements.isEmpty else {
        findings.error(at: node.place, "\(subject) is an empty list", help: "list the program, then its arguments")
        return nil
      }
      let words = [program(elements[0], subject)] + elements.dropFirst().map { argument($0, subject) }
      guard !words.contains(nil) else { return nil }
      findings.warnOfPlainVariables(inCommand: elements, subject)
      return words.compactMap { $0 }
    }
    guard case .scalar = node.content else {
      findings.wrong(node, subject, mustBe: "a list, or one text for the shell", help: "write [program, argument, …]")
      return nil
    }
    findings.warnOfPlainVariables(inLine: node, subject)
    return findings.systemString(node, subject).map { ["/bin/sh", "-c", $0] }
  }

  private func program(_ node: Node, _ subject: String) -> String? {
    let program = findings.systemString(node, "the program, the first element of \(subject),")
    if let program, let blank = program.firstIndex(of: " "), !program[..<blank].contains("/") {
      let words = program.split(separator: " ").joined(separator: ", ")
      findings.warning(
        at: node.place, "\(subject) runs a program with the name '\(program)'",
        help: "write each argument as an element: [\(words)]; or one text, which goes to the shell")
    }
    return program
  }

  /// May be empty.
  private func argument(_ node: Node, _ subject: String) -> String? {
    if let scalar = node.scalar, scalar.isQuoted, scalar.text.isEmpty { return "" }
    return findings.systemString(node, "an element of \(subject)")
  }

  private func kind(_ node: Node, _ subject: String) -> ProcessDeclaration.Work? {
    findings.string(node, subject).map { .kind(name: $0, place: node.place) }
  }

  private func script(_ node: Node, _ subject: String) -> ProcessDeclaration.Work? {
    guard let source = findings.string(node, subject) else { return nil }
    return .script(Script(source, at: node.scalar?.blockStart ?? node.place, runs: node.scalar?.runs ?? []))
  }

  private func single<Key: KeyTable>(of keys: [Key], _ fields: Fields<Key>) -> Key? {
    let given = keys.filter { fields[$0] != nil }
    let names = Wording.choice(keys.map { "'\($0.rawValue)'" })
    guard let first = given.first else {
      if fields.presumed.isDisjoint(with: keys) {
        findings.error(at: fields.ownerPlace, "\(fields.owner) has no work", help: "give it one of \(names)")
      }
      return nil
    }
    // By place in the file, whatever the order of the table.
    let ordered = given.sorted {
      (fields.place(of: $0).line, fields.place(of: $0).column) < (
        fields.place(of: $1).line, fields.place(of: $1).column
      )
    }
    for extra in ordered.dropFirst() {
      findings.error(
        at: fields.place(of: extra), "\(fields.owner) has '\(extra.rawValue)' besides '\(ordered[0].rawValue)'",
        help: "it does exactly one of \(names)",
        notes: [Diagnostic.Note(place: fields.place(of: ordered[0]), message: "'\(ordered[0].rawValue)' stands here")])
    }
    return given.count == 1 ? first : nil
  }
}
