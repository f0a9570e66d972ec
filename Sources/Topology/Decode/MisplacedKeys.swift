/// Keys that exist, and stand in a map that is not theirs.
struct MisplacedKeys {
  /// Of the process's kind, script or command; `nil`: not known.
  private let signature: KindSignature?

  init(process node: Node, signatures: [KindSignature]) {
    guard case .mapping(let entries) = node.content else {
      signature = nil
      return
    }
    let kind = entries.first { $0.key == ProcessKey.task.rawValue }?.value.scalar?.text
    let isCommand = entries.contains { $0.key == ProcessKey.run.rawValue }
    signature =
      isCommand ? CommandSignature.signature : kind.flatMap { name in signatures.first { $0.name == name } }
  }

  func inProcess(_ entry: Node.Entry) -> (help: String, under: ProcessKey?)? {
    let key = entry.key
    if let signature, signature.parameters.contains(where: { $0.name == key }) {
      let noun = signature.name == CommandSignature.signature.name ? "a command" : "kind '\(signature.name)'"
      return ("it is a parameter of \(noun): write 'with: {\(key): \(entry.value.scalar?.text ?? "…")}'", .with)
    }
    if HealthCheckKey(rawValue: key) != nil {
      return ("it is a key of a 'healthcheck': write 'healthcheck: {test: …, \(key): …}'", nil)
    }
    return key == TopLevelKey.failFast.rawValue ? ("'\(key)' stands at the top of the file", nil) : nil
  }

  /// Keys of the process among its parameters: they are there, if in the wrong place.
  func inParameters(_ entry: Node.Entry?, _ findings: Findings) -> Set<ProcessKey> {
    guard let signature, case .mapping(let entries)? = entry?.value.content else { return [] }
    var keys: Set<ProcessKey> = []
    for entry in entries where !signature.parameters.contains(where: { $0.name == entry.key }) {
      guard let key = ProcessKey(rawValue: entry.key) else { continue }
      keys.insert(key)
      findings.presume(namesIn: entry.value)
    }
    return keys
  }

  static func atTheTop(_ entry: Node.Entry) -> (help: String, under: TopLevelKey?)? {
    if case .mapping(let entries) = entry.value.content,
      entries.contains(where: { ["task", "script", "run", "command"].contains($0.key) })
    {
      return ("a process stands under 'processes:', indented", .processes)
    }
    guard ProcessKey(rawValue: entry.key) != nil else { return nil }
    return ("'\(entry.key)' is a key of a process: it stands under 'processes:', in the map of one", nil)
  }
}
