/// `use` against the roles of a kind: by name, or, where that is clear, by sort.
struct UseBinder {
  let scope: Scope
  let noun: String
  let owner: String
  let ownerPlace: Place

  func bind(_ wiring: ProcessDraft.Wiring?, to roles: [KindSignature.Use]) -> [UseBinding] {
    guard let wiring else {
      reportMissing(roles.filter(\.isRequired), at: ownerPlace)
      return []
    }
    if wiring.isOfOtherSort { return [] }
    guard !roles.isEmpty else {
      scope.findings.error(
        at: wiring.place, "\(owner) has 'use', and \(noun) uses no resources", help: "remove 'use'")
      return []
    }
    let bindings = wiring.links.compactMap { bind($0, among: wiring.links, to: roles) }
    if bindings.count == wiring.links.count, !wiring.isBroken {
      reportMissing(
        roles.filter { role in role.isRequired && !bindings.contains { $0.name == role.name } }, at: wiring.place)
    }
    return bindings
  }

  private func bind(
    _ link: ProcessDraft.Link, among links: [ProcessDraft.Link], to roles: [KindSignature.Use]
  ) -> UseBinding? {
    let role: KindSignature.Use?
    if let name = link.name {
      role = named(name, link, roles)
    } else {
      role = bySort(link, links, roles)
    }
    guard let role, fits(link, role) else { return nil }
    return UseBinding(name: role.name, target: link.target)
  }

  private func named(_ name: String, _ link: ProcessDraft.Link, _ roles: [KindSignature.Use]) -> KindSignature.Use? {
    guard let role = roles.first(where: { $0.name == name }) else {
      let names = roles.map(\.name)
      scope.findings.error(
        at: link.place, "\(noun) uses nothing by the name '\(name)'",
        help: Wording.suggestion(
          for: name, among: names, otherwise: "it uses \(Wording.enumeration(Wording.quoted(names)))"))
      return nil
    }
    guard role.sort == sort(of: link) else {
      reportSort(link, "\(noun) uses \(role.sort.withArticle) as '\(name)'")
      return nil
    }
    return role
  }

  private func bySort(
    _ link: ProcessDraft.Link, _ links: [ProcessDraft.Link], _ roles: [KindSignature.Use]
  ) -> KindSignature.Use? {
    guard let sort = sort(of: link) else {
      reportSort(link, "\(noun) uses \(Wording.enumeration(unique(roles.map(\.sort.withArticle))))")
      return nil
    }
    let fitting = roles.filter { $0.sort == sort }
    guard !fitting.isEmpty else {
      reportSort(link, "\(noun) uses \(Wording.enumeration(unique(roles.map(\.sort.withArticle))))")
      return nil
    }
    let count = links.count { self.sort(of: $0) == sort }
    let required = fitting.filter(\.isRequired)
    if count == 1, let role = fitting.count == 1 ? fitting.first : required.count == 1 ? required.first : nil {
      return role
    }
    reportAmbiguous(link, fitting, count)
    return nil
  }

  // MARK: Fit

  private func sort(of link: ProcessDraft.Link) -> KindSignature.Use.Sort? {
    switch scope[link.target.resource].kind {
    case .value: .value
    case .array: .array
    case .lock: .lock
    case .pipe: .pipe
    default: nil
    }
  }

  private func fits(_ link: ProcessDraft.Link, _ role: KindSignature.Use) -> Bool {
    let resource = scope[link.target.resource]
    let type: ElementType
    switch resource.kind {
    case .value(let element, _): type = element
    case .array(let element, _, _): type = element
    default: return true
    }
    if role.elementTypes.isEmpty || role.elementTypes.contains(type) || scope.broken.contains(link.target.resource) {
      return true
    }
    let types = Wording.choice(role.elementTypes.map(\.rawValue))
    scope.findings.error(
      at: link.target.place, "\(noun) works on \(types), and '\(resource.name)' is \(type.rawValue)",
      help: "declare '\(resource.name)' as \(types)", notes: [scope.declarationNote(link.target.resource)])
    return false
  }

  // MARK: Reports

  private func reportSort(_ link: ProcessDraft.Link, _ message: String) {
    let resource = scope[link.target.resource]
    scope.findings.error(
      at: link.target.place,
      "\(message), and '\(resource.name)' is \(scope.index[link.target.resource].section.nounWithArticle)",
      notes: [scope.declarationNote(link.target.resource)])
  }

  private func reportAmbiguous(_ link: ProcessDraft.Link, _ roles: [KindSignature.Use], _ count: Int) {
    let text = scope.text(of: link.target)
    let names = roles.map(\.name)
    let message =
      roles.count == 1
      ? "\(owner) lists \(count) resources for the one \(roles[0].sort.rawValue) that \(noun) uses"
      : "\(owner) does not say what \(noun) uses '\(text)' as"
    scope.findings.error(
      at: link.place, message,
      help: roles.count == 1
        ? "write 'use: {\(names[0]): \(text)}'"
        : "write a map of \(Wording.enumeration(names)), as in 'use: {\(names[0]): \(text)}'")
  }

  private func reportMissing(_ roles: [KindSignature.Use], at place: Place) {
    for role in roles {
      scope.findings.error(
        at: place, "\(owner) lacks the \(role.sort.rawValue) '\(role.name)' of \(noun): \(role.summary)",
        help: "write 'use: {\(role.name): \(role.sort.rawValue.uppercased())}'")
    }
  }

  private func unique(_ words: [String]) -> [String] {
    words.enumerated().filter { position, word in !words[..<position].contains(word) }.map(\.element)
  }
}

extension KindSignature.Use.Sort {
  fileprivate var withArticle: String { self == .array ? "an array" : "a \(rawValue)" }
}
