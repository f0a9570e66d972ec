internal import Limits

/// How the names of topologies, processes and resources are made.
package enum NameText {
  package static let rule =
    "a name is a letter and then letters, digits, '_' and '-', at most \(Limit.nameLength) characters"

  /// But for its length.
  static func hasForm(_ text: String) -> Bool {
    let characters = text.unicodeScalars
    return characters.first.map { $0.properties.isAlphabetic && $0.isASCII } == true
      && characters.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || $0 == "_" || $0 == "-")
      }
  }

  package static func isName(_ text: String) -> Bool { hasForm(text) && text.utf8.count <= Limit.nameLength }
}
