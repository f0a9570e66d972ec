/// Names of resources as scripts see them.
package enum LuaNames {
  static let keywords: Set<String> = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not",
    "or", "repeat", "return", "then", "true", "until", "while",
  ]

  /// What mporch gives every script, and Lua's own.
  static let globals: Set<String> = [
    "input", "output", "process", "args", "log", "print", "sleep", "now", "exit", "null", "map", "wait", "_G",
    "_VERSION", "assert", "collectgarbage", "coroutine", "debug", "dofile", "error", "getmetatable", "io", "ipairs",
    "load", "loadfile", "math", "next", "os", "package", "pairs", "pcall", "rawequal", "rawget", "rawlen", "rawset",
    "require", "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8", "warn", "xpcall",
  ]

  package static func identifier(of name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }

  /// `nil`: free.
  static func meaning(of identifier: String) -> String? {
    if keywords.contains(identifier) { return "a keyword of Lua" }
    return globals.contains(identifier) ? "a global of every script" : nil
  }

  /// Two names that become one, and those that a script could not use as they are.
  static func check(_ resources: [ResourceIndex.Entry], _ findings: Findings) {
    var first: [String: ResourceIndex.Entry] = [:]
    for resource in resources {
      let identifier = identifier(of: resource.name)
      if let other = first[identifier] {
        reportClash(resource.name, at: resource.place, with: other.name, at: other.place, findings)
      } else {
        first[identifier] = resource
      }
      checkMeaning(resource, identifier, findings)
    }
  }

  static func reportClash(_ name: String, at place: Place, with other: String, at first: Place, _ findings: Findings) {
    findings.error(
      at: place, "'\(name)' and '\(other)' are one name in Lua, '\(identifier(of: name))'",
      help: "scripts see '-' as '_': rename one of them",
      notes: [Diagnostic.Note(place: first, message: "'\(other)' stands here")])
  }

  /// Only a warning: no script may ever see it, and a map under `use` renames it. Queues come to scripts as `input`
  /// and `output`, so that only keywords are in question.
  private static func checkMeaning(_ resource: ResourceIndex.Entry, _ identifier: String, _ findings: Findings) {
    guard let meaning = meaning(of: identifier) else { return }
    if resource.section == .queues, !keywords.contains(identifier) { return }
    findings.warning(
      at: resource.place, "\(resource.section.noun) '\(resource.name)' has the name of \(meaning)",
      help: "rename it; under 'use' a script would have to write 'use: {other: \(resource.name)}'")
  }
}
