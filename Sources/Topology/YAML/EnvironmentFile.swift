/// Variables of a dotenv file, as Compose reads it: `.env`, `--env-file`, `env_file`.
///
/// `KEY=value`, `export KEY=value`, `KEY: value`, comments after `#`. `'…'` is literal; `"…"` has escapes and may span
/// lines; an unquoted value ends at ` #`. `${…}` in what is not in single quotes is replaced as in a topology.
package struct EnvironmentFile: Sendable, Equatable {
  package struct Variable: Sendable, Equatable {
    package var name: String
    package var value: String
    package var place: Place
  }

  /// In order of the file; of a name given twice the last one counts.
  package var variables: [Variable] = []
  package var diagnostics: [Diagnostic] = []

  package var values: [String: String] {
    Dictionary(variables.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// A `${NAME}` is looked up in `environment`, first to last, then among the lines before it.
  package static func parse(_ source: SourceText, environment: [[String: String]] = []) -> EnvironmentFile {
    if let problem = EncodingCheck.problem(of: source) { return EnvironmentFile(diagnostics: [problem]) }
    if let zero = source.bytes.firstIndex(of: 0) {
      let (line, column) = source.position(ofByte: zero)
      let place = Place(file: source.file, line: line, column: column, endColumn: column + 1)
      return EnvironmentFile(diagnostics: [
        Diagnostic(
          .error, at: place, "control character U+0000 is not allowed",
          help: "remove it: the system would cut a variable there")
      ])
    }
    var reader = EnvironmentFileReader(source, environment: environment)
    return reader.read()
  }
}
