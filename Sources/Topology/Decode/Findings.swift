/// Collects what is found, so that decoding goes on after an error and all of them are seen at once.
///
/// Shared by the readers and checks of one load, which is a single synchronous call.
final class Findings {
  private(set) var diagnostics: [Diagnostic]

  /// Resources that a wrong reference most likely means: no warning should call them unused.
  private(set) var presumedNames: Set<String> = []

  init(_ diagnostics: [Diagnostic] = []) { self.diagnostics = diagnostics }

  var hasErrors: Bool { diagnostics.hasErrors }

  func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  func error(at place: Place, _ message: String, help: String? = nil, notes: [Diagnostic.Note] = []) {
    add(Diagnostic(.error, at: place, message, help: help, notes: notes))
  }

  func warning(at place: Place, _ message: String, help: String? = nil, notes: [Diagnostic.Note] = []) {
    add(Diagnostic(.warning, at: place, message, help: help, notes: notes))
  }

  func presume(_ name: String) { presumedNames.insert(name) }

  /// Of what is read no further: whatever it names may be meant to be used.
  func presume(namesIn entry: Node.Entry) {
    for word in entry.key.split(whereSeparator: { $0 == " " || $0 == ":" }) { presume(String(word)) }
    presume(namesIn: entry.value)
  }

  func presume(namesIn node: Node) {
    switch node.content {
    case .scalar(let scalar):
      presume(scalar.text)
      // As in `in lines` and `p.a`.
      for word in scalar.text.prefix(200).split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "." }) {
        presume(String(word))
      }
    case .sequence(let elements): for element in elements { presume(namesIn: element) }
    case .mapping(let entries): for entry in entries { presume(namesIn: entry) }
    }
  }

  /// The value of a tree; a number that no type holds is reported and taken as null.
  func literal(_ node: Node) -> Literal {
    var found: [Diagnostic] = []
    let literal = Literal(node, reporting: &found)
    diagnostics += found
    return literal
  }

  /// The same without integers above 2^63-1, which `holder` can't hold; `nil`: something is reported.
  func signedLiteral(_ node: Node, _ subject: String, in holder: String) -> Literal? {
    let known = diagnostics.count
    let literal = literal(node)
    for large in node.unsigned {
      error(
        at: large.place, "\(large.quoted) in \(subject) is above 2^63-1, which \(holder) can't hold",
        help: "write it in quotes, as a text")
    }
    return diagnostics.count == known ? literal : nil
  }
}

extension Node {
  /// Those in it that are integers above `Int64.max`.
  fileprivate var unsigned: [Node] {
    switch content {
    case .scalar(let scalar): if case .unsigned? = scalar.literal { [self] } else { [] }
    case .sequence(let elements): elements.flatMap(\.unsigned)
    case .mapping(let entries): entries.flatMap(\.value.unsigned)
    }
  }
}
