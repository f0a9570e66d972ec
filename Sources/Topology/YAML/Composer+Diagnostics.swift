/// What a file's structure can have wrong, in words; syntax is in `SyntaxWording`.
extension Diagnostic: Error {
  static func emptyFile(_ file: String) -> Diagnostic {
    Diagnostic(
      .error, file: file, "the file is empty: it declares nothing",
      help: "declare at least one process under 'processes:'; 'mporch init' writes a small topology to begin with")
  }

  static func tooManyErrors(_ file: String) -> Diagnostic {
    Diagnostic(
      .error, file: file, "\(DocumentLimits.errorCount) errors, and the rest of the file was not looked at",
      help: "fix the first ones first: others may follow from them")
  }

  static func secondDocument(at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "a second document begins here, and a topology is one document",
      help: "put it into a file of its own; 'mporch up -f A -f B' merges two files")
  }

  static func recursiveAlias(_ anchor: String, at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "alias '*\(anchor)' stands inside its own anchor '&\(anchor)', which would never end",
      help: "move the anchor to what the alias is to repeat")
  }

  static func unknownAlias(_ anchor: String, at place: Place, known: [String]) -> Diagnostic {
    let help =
      if let near = nearest(to: anchor, among: known) {
        "did you mean '*\(near)'?"
      } else {
        "an anchor '&\(anchor)' must come before it; quote the value if it is no alias: '*\(anchor)'"
      }
    return Diagnostic(.error, at: place, "alias '*\(anchor)' has no anchor before it", help: help)
  }

  static func aliasBomb(at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "aliases expand to more than \(DocumentLimits.aliasedNodeCount) nodes",
      help: "an alias repeats all that its anchor holds, other aliases included; repeat less")
  }

  static func tooDeep(at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "maps and lists are nested more than \(DocumentLimits.depth) levels deep",
      help: "a topology needs about ten levels; look for brackets or aliases too many")
  }

  static func collectionAsKey(at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "a map or list can't be a key", help: "keys are words; quote '{' and '[' in a name or variable"
    )
  }

  static func emptyKey(at place: Place) -> Diagnostic {
    Diagnostic(.error, at: place, "a key is missing before ':'", help: "write 'key: value'")
  }

  static func badMergeSource(at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "'<<' merges maps, and this is none",
      help: "write '<<: *anchor' or '<<: [*first, *second]', where the anchors stand before maps")
  }

  static func unknownTag(_ tag: String, at place: Place) -> Diagnostic {
    let prefix = "tag:yaml.org,2002:"
    let written = tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    return Diagnostic(
      .error, at: place, "tag '\(written)' can't be used here",
      help: "remove it; only !!str, !!int, !!float, !!bool and !!null before a scalar, !!seq before a list and !!map "
        + "before a map are known")
  }

  static func tagMismatch(_ tag: String, text: String, at place: Place) -> Diagnostic {
    Diagnostic(
      .error, at: place, "'\(text)' is not what its tag says, '\(tag)'", help: "remove the tag, or fix the value")
  }
}
