import FoundationEssentials

/// Diagnostics for editors and programs: one array of `{file, line, column, endColumn, severity, message, help}`; what
/// a diagnostic lacks is null, and `notes` is there where it has some.
package enum DiagnosticJSON {
  /// In order of file, line and column; ends in a line break.
  package static func encode(_ diagnostics: [Diagnostic], sources: Sources) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes]
    let data = try encoder.encode(diagnostics.inOrder(of: sources).map(Record.init))
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private struct Record: Encodable {
    var diagnostic: Diagnostic

    enum Key: String, CodingKey {
      case file, line, column, endColumn, severity, message, help, notes
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(diagnostic.file, forKey: .file)
      try container.encode(diagnostic.place?.line, forKey: .line)
      try container.encode(diagnostic.place?.column, forKey: .column)
      try container.encode(diagnostic.place?.endColumn, forKey: .endColumn)
      try container.encode(diagnostic.severity.rawValue, forKey: .severity)
      try container.encode(diagnostic.message, forKey: .message)
      try container.encode(diagnostic.help, forKey: .help)
      if !diagnostic.notes.isEmpty { try container.encode(diagnostic.notes.map(NoteRecord.init), forKey: .notes) }
    }
  }

  private struct NoteRecord: Encodable {
    var file: String
    var line: Int
    var column: Int
    var endColumn: Int
    var message: String

    init(_ note: Diagnostic.Note) {
      file = note.place.file
      line = note.place.line
      column = note.place.column
      endColumn = note.place.endColumn
      message = note.message
    }
  }
}
