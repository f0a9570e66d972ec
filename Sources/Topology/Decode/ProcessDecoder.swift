internal import Limits

/// The section `processes` → drafts.
struct ProcessDecoder {
  let wiring: WiringDecoder
  let files: SettingsFiles
  let settings: Settings
  let signatures: [KindSignature]
  let findings: Findings

  /// What does not stand in the file.
  struct Settings {
    var request: LoadRequest
    /// Absolute folder of the first file.
    var directory: String
    /// For `${…}` in files of variables, first to last.
    var environment: [[String: String]]
    var isFolder: (String) -> Bool
    /// What the top of the file gives every process.
    var variables: [ProcessDeclaration.EnvironmentVariable] = []

    func enables(_ profiles: [String]) -> Bool {
      profiles.isEmpty || request.profiles.contains("*") || profiles.contains { request.profiles.contains($0) }
    }
  }

  func decode(_ entries: [Node.Entry]) -> [ProcessDraft] {
    if let misplaced = unindented(entries) {
      findings.error(
        at: misplaced.key.keyPlace, "'\(misplaced.key.key)' stands beside process '\(misplaced.process)', not in it",
        help: "indent the keys of '\(misplaced.process)' deeper than its name")
      for entry in entries { findings.presume(namesIn: entry.value) }
      return []
    }
    return entries.compactMap { entry in
      let draft = decode(entry)
      if draft == nil { findings.presume(namesIn: entry.value) }
      return draft
    }
  }

  /// A key of a process where a process's name is due, behind a name that has nothing.
  private func unindented(_ entries: [Node.Entry]) -> (key: Node.Entry, process: String)? {
    for (entry, next) in zip(entries, entries.dropFirst()) where entry.value.isNull {
      guard let key = ProcessKey(rawValue: next.key), ![.script, .run, .task].contains(key) || next.value.scalar != nil
      else { continue }
      if case .mapping = next.value.content, key != .with { continue }
      return (next, entry.key)
    }
    return nil
  }

  private func decode(_ entry: Node.Entry) -> ProcessDraft? {
    guard let name = findings.name(entry.key, at: entry.keyPlace, "a process") else { return nil }
    let owner = "process '\(name)'"
    let misplaced = MisplacedKeys(process: entry.value, signatures: signatures)
    guard
      let fields = Fields<ProcessKey>(
        entry.value, owner: owner, ownerPlace: entry.keyPlace, findings: findings,
        elseExpected: "a map with 'task', 'script' or 'run'", elsewhere: misplaced.inProcess)
    else { return nil }
    let work = WorkDecoder(findings: findings).work(fields)
    var process = ProcessDeclaration(
      name: name, place: entry.keyPlace, work: work ?? .command([], place: entry.keyPlace))
    process.keyPlaces = fields.keyPlaces
    process.profiles = fields[.profiles].flatMap { findings.strings($0.value, fields.subject(.profiles)) } ?? []
    let isEnabled = settings.enables(process.profiles)
    decodeInstances(fields, into: &process)
    decodeLife(fields, into: &process)
    decodeHealth(fields, into: &process)
    process.dependencies = DependencyDecoder(findings: findings).dependencies(fields)
    decodeSurroundings(fields, isEnabled: isEnabled, into: &process)
    var draft = ProcessDraft(
      declaration: process, work: work, isEnabled: isEnabled, inputs: wiring.wiring(fields[.inputs], .reads, by: owner),
      outputs: wiring.wiring(fields[.outputs], .writes, by: owner), uses: wiring.wiring(fields[.use], .uses, by: owner),
      parameters: fields[.with], presumed: fields.presumed)
    draft.presumed.formUnion(misplaced.inParameters(fields[.with], findings))
    // A queue under 'use', a lock under 'in': it is named, and only in the wrong place.
    if [draft.inputs, draft.outputs, draft.uses].contains(where: { $0?.isOfOtherSort == true }) {
      draft.presumed.formUnion([.inputs, .outputs, .use])
    }
    return draft
  }

  private func decodeInstances(_ fields: Fields<ProcessKey>, into process: inout ProcessDeclaration) {
    process.replicas = settings.request.scale[process.name] ?? fields.integer(.replicas) ?? 1
    process.replicasPlace = fields[.replicas]?.value.place
    process.niceness = fields.integer(.nice)
    process.processors = fields[.cpus].flatMap {
      ProcessorList(findings: findings, count: settings.request.processorCount).read($0.value, fields.subject(.cpus))
    }
  }

  private func decodeLife(_ fields: Fields<ProcessKey>, into process: inout ProcessDeclaration) {
    process.restart = fields[.restart].flatMap { restart($0.value, fields.subject(.restart)) } ?? .never
    process.restartDelay = fields.duration(.restartDelay, zeroAllowed: false) ?? process.restartDelay
    process.timeout = fields.duration(.timeout, zeroAllowed: false)
    process.stopGracePeriod = fields.duration(.stopGracePeriod) ?? process.stopGracePeriod
    process.stopSignal =
      fields[.stopSignal].flatMap { findings.signal($0.value, fields.subject(.stopSignal)) } ?? process.stopSignal
  }

  private func restart(_ node: Node, _ subject: String) -> ProcessDeclaration.RestartPolicy? {
    let words = ["no", "on-failure", "always"]
    guard let text = node.scalar?.text, text.hasPrefix("on-failure:") else {
      switch node.scalar?.text {
      case "no": return .never
      case "on-failure": return .onFailure(limit: nil)
      case "always": return .always
      default:
        let near = node.scalar.flatMap {
          ProcessDeclaration.RestartPolicy.foreign[$0.text]?.help
            ?? Wording.suggestion(
              for: $0.text, among: words, otherwise: Int($0.text).map { "write 'on-failure:\($0)' for \($0) restarts" })
        }
        findings.wrong(node, subject, mustBe: "no, on-failure, on-failure:N or always", help: near)
        return nil
      }
    }
    guard let limit = Int(text.dropFirst("on-failure:".count)), Limit.count.contains(limit) else {
      findings.wrong(node, subject, mustBe: "on-failure:N with a number of restarts, at least 1")
      return nil
    }
    return .onFailure(limit: limit)
  }
}
