internal import Glibc
package import Platform

/// mporch's own words about a worker, which it leaves to the supervisor: never among what it prints.
package struct OwnWords: Equatable, Sendable {
  package enum Severity: UInt8, Sendable {
    case warning, error
  }

  package var severity: Severity
  /// In the form of a diagnostic; may have several lines.
  package var text: String

  /// More than a diagnostic has, a script's traceback included.
  package static let ringByteCount = 8 << 10
  /// Tells the supervisor that some worker has left something.
  package static let signal = SIGUSR2

  /// The first line, without the words by which a diagnostic names the instance, whose failure it is the reason of.
  package func headline(of instance: String) -> String {
    let line = text.prefix { $0 != "\n" }
    guard let name = line.firstRange(of: ": process '\(instance)': ") else { return String(line) }
    return String(line[name.upperBound...])
  }

  func leave(to notes: SharedNotes, worker: Int) {
    ([severity.rawValue] + Array(text.utf8)).withUnsafeBytes { notes.leave($0, at: worker, tellingBy: Self.signal) }
  }

  /// What a worker has left.
  package static func all(in notes: SharedNotes, of worker: Int) -> [OwnWords] {
    notes.take(at: worker).compactMap { note in
      note.first.map { severity in
        OwnWords(
          severity: Severity(rawValue: severity) ?? .error, text: String(decoding: note.dropFirst(), as: UTF8.self))
      }
    }
  }
}
