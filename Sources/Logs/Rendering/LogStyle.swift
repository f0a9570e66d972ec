/// How log lines are shown.
package struct LogStyle: Sendable, Equatable {
  package enum Format: Sendable, Equatable {
    /// For people: `count-2  | text`.
    case text
    /// For programs: one `{"time":…,"name":…,"stream":…,"text":…}` a line; the other settings have no effect.
    case json
  }

  package enum Target: Sendable, Equatable {
    /// Gets the bytes as the worker printed them.
    case file
    /// Gets nothing that could do more than colour a line; see `TerminalText`.
    case terminal
  }

  package var format = Format.text
  package var target = Target.file
  package var hasPrefix = true
  /// Whether each line has its time, in RFC 3339, UTC.
  package var hasTimestamp = false
  /// Whether prefixes have colours: a caller says so for a terminal, unless `NO_COLOR` is set.
  package var hasColour = false

  package init() {}
}
