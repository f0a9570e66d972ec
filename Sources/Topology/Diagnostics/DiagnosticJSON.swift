/// Diagnostics for editors and programs: one array of `{file, line, column, endColumn, severity, message, help}`; what
/// a diagnostic lacks is null, and `notes` is there where it has some.
package enum DiagnosticJSON {
  /// In order of file, line and column; ends in a line break.
  package static func encode(_ diagnostics: [Diagnostic], sources: Sources) -> String {
    JSONValue.array(diagnostics.inOrder(of: sources).map(record)).rendered() + "\n"
  }

  private static func record(_ diagnostic: Diagnostic) -> JSONValue {
    var entries = place(diagnostic.place, file: diagnostic.file)
    entries += [
      ("severity", .string(diagnostic.severity.rawValue)), ("message", .string(diagnostic.message)),
      ("help", diagnostic.help.map(JSONValue.string) ?? .null),
    ]
    if !diagnostic.notes.isEmpty { entries.append(("notes", .array(diagnostic.notes.map(note)))) }
    return .object(entries)
  }

  private static func note(_ note: Diagnostic.Note) -> JSONValue {
    .object(place(note.place, file: note.place.file) + [("message", .string(note.message))])
  }

  private static func place(_ place: Place?, file: String) -> [(key: String, value: JSONValue)] {
    func number(_ number: Int?) -> JSONValue { number.map { .number("\($0)") } ?? .null }
    return [
      ("file", .string(file)), ("line", number(place?.line)), ("column", number(place?.column)),
      ("endColumn", number(place?.endColumn)),
    ]
  }
}
