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
    var reading = ProcessReading(fields: fields, decoder: self, name: name, place: entry.keyPlace)
    reading.read()
    reading.draft.presumed.formUnion(misplaced.inParameters(fields[.with], findings))
    return reading.draft
  }
}

/// One process being read, key by key.
struct ProcessReading {
  let fields: Fields<ProcessKey>
  let decoder: ProcessDecoder
  var draft: ProcessDraft

  init(fields: Fields<ProcessKey>, decoder: ProcessDecoder, name: String, place: Place) {
    self.fields = fields
    self.decoder = decoder
    draft = ProcessDraft(
      declaration: ProcessDeclaration(name: name, place: place, work: .command([], place: place)),
      presumed: fields.presumed)
    draft.declaration.keyPlaces = fields.keyPlaces
  }

  var findings: Findings { fields.findings }

  var process: ProcessDeclaration {
    _read { yield draft.declaration }
    _modify { yield &draft.declaration }
  }

  mutating func read() {
    // First: what a process that is not enabled names need not be there.
    ProcessKey.profiles.described.read(&self)
    draft.isEnabled = decoder.settings.enables(process.profiles)
    for key in ProcessKey.allCases where key != .profiles { key.described.read(&self) }
    // A queue under 'use', a lock under 'in': it is named, and only in the wrong place.
    if [draft.inputs, draft.outputs, draft.uses].contains(where: { $0?.isOfOtherSort == true }) {
      draft.presumed.formUnion([.inputs, .outputs, .use])
    }
  }

  // MARK: Values

  mutating func readWork() {
    draft.work = WorkDecoder(findings: findings).work(fields)
    if let work = draft.work { process.work = work }
  }

  func wiring(_ key: ProcessKey, _ access: Access) -> ProcessDraft.Wiring? {
    decoder.wiring.wiring(fields[key], access, by: fields.owner)
  }

  func strings(_ key: ProcessKey) -> [String] {
    fields[key].flatMap { findings.strings($0.value, fields.subject(key)) } ?? []
  }

  func processors() -> [Int]? {
    fields[.cpus].flatMap {
      ProcessorList(findings: findings, count: decoder.settings.request.processorCount)
        .read($0.value, fields.subject(.cpus))
    }
  }

  func stopSignal() -> Int32? {
    fields[.stopSignal].flatMap { findings.signal($0.value, fields.subject(.stopSignal)) }
  }

  /// The folder of a process that is not enabled need not be there.
  func workingDirectory() -> String? {
    guard let node = fields[.workingDirectory]?.value,
      let path = findings.systemString(node, fields.subject(.workingDirectory))
    else { return nil }
    let absolute = PathText.absolute(path, in: decoder.settings.directory)
    if draft.isEnabled, !decoder.settings.isFolder(absolute) {
      findings.error(
        at: node.place, "\(fields.subject(.workingDirectory)): there is no folder '\(absolute)'",
        help: findings.helpOfPath(node) ?? "create it; a relative path starts at the file's folder")
    }
    return absolute
  }
}

/// A process as written, before its kind has a say: references are resolved, ports and roles are not bound.
struct ProcessDraft {
  var declaration: ProcessDeclaration
  /// `nil` and reported: none that is right.
  var work: ProcessDeclaration.Work?
  var isEnabled = true
  var inputs: Wiring?
  var outputs: Wiring?
  var uses: Wiring?
  /// `with`, with its key.
  var parameters: Node.Entry?
  /// Keys that are missing, and that unknown ones were most likely meant as.
  var presumed: Set<ProcessKey> = []

  /// `in`, `out`, `use` or `with` is missing, and an unknown key was most likely meant as it.
  func isPresumed(_ key: ProcessKey) -> Bool {
    guard presumed.contains(key) else { return false }
    switch key {
    case .inputs: return inputs == nil
    case .outputs: return outputs == nil
    case .use: return uses == nil
    default: return parameters == nil
    }
  }

  struct Wiring {
    /// Of the key.
    var place: Place
    var links: [Link]
    /// Some of it is invalid, and reported: what is missing may be just that.
    var isBroken = false
    /// It names a resource that stands under another key.
    var isOfOtherSort = false

    /// A map that names ports or roles was given.
    var isNamed: Bool { links.contains { $0.name != nil } }
  }

  struct Link {
    /// Port or role; `nil`: not said.
    var name: String?
    /// Of the name; else of the reference.
    var place: Place
    var target: ResourceReference
  }

  /// As messages name it: `process 'count'`.
  var owner: String { "process '\(declaration.name)'" }
}
