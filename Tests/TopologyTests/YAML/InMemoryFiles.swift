@testable import Topology

/// Loads texts as if they were files.
func load(_ files: KeyValuePairs<String, String>, environment: [[String: String]] = []) -> LoadedDocument {
  let contents = Dictionary(uniqueKeysWithValues: files.map { ($0.key, Array($0.value.utf8)) })
  let access = FileAccess { path, limit in
    guard let bytes = contents[path] else { return .failure(.notFound) }
    return bytes.count > limit ? .failure(.tooLarge) : .success(bytes)
  }
  return DocumentLoader.load(files: files.map(\.key), environment: environment, access: access)
}

func load(_ text: String, environment: [String: String] = [:]) -> LoadedDocument {
  load(["a.yaml": text], environment: [environment])
}

func load(bytes: [UInt8]) -> LoadedDocument {
  DocumentLoader.load(files: ["a.yaml"], environment: [], access: FileAccess { _, _ in .success(bytes) })
}

extension LoadedDocument {
  /// `LINE:COLUMN-ENDCOLUMN MESSAGE` of each diagnostic, in order.
  var findings: [String] {
    diagnostics.inOrder(of: sources).map { diagnostic in
      let place = diagnostic.place.map { "\($0.line):\($0.column)-\($0.endColumn) " } ?? ""
      return place + diagnostic.message
    }
  }

  var literal: Literal? {
    var problems: [Diagnostic] = []
    return root.map { Literal($0, reporting: &problems) }
  }

  /// Where every key and value stands: `key 1:1-5`, …
  subscript(path: String...) -> Node? {
    path.reduce(root) { node, key in
      switch node?.content {
      case .mapping(let entries): entries.first { $0.key == key }?.value
      case .sequence(let elements): Int(key).map { elements[$0] }
      default: nil
      }
    }
  }
}

extension Place {
  var range: String { "\(line):\(column)-\(endColumn)" }
}

/// A place that a test does not look at.
let anywhere = Place(file: "a.yaml", line: 1, column: 1, endColumn: 1)
