import Logs
import Platform
import Supervisor
import SystemPackage
import Text
import Topology

/// Reads the log of one instance for a page: its last lines, and what is printed then.
final class TopLogTail {
  private static let firstLineCount = 1000
  /// So many at once: keys are heard in between, whatever is printed meanwhile.
  private static let batchLineCount = 2000
  /// Of a line no more is shown.
  private static let longestLine = 4096

  let instance: String
  private let follower: LogFollower

  init(_ instance: String, of run: RunStatus) throws {
    self.instance = instance
    follower = try LogFollower(
      directory: LogDirectory(ofRun: run),
      query: LogQuery(includes: { $0 == instance }, tail: Self.firstLineCount))
  }

  /// Readable when there may be more.
  var descriptor: Int32 { follower.descriptor.rawValue }

  /// Looks at what has changed; then `next` has more, maybe.
  func update() throws { try follower.update() }

  /// The run has ended.
  func end() throws { try follower.end() }

  /// What was not given out yet; `isMore`: it was too much for once.
  func next() throws -> (lines: [String], isMore: Bool) {
    var lines: [String] = []
    while lines.count < Self.batchLineCount {
      guard let record = try follower.next() else { return (lines, false) }
      lines.append(Self.plain(String(decoding: record.text.prefix(Self.longestLine), as: UTF8.self)))
    }
    return (lines, true)
  }

  /// Without colours, and with blanks for tabs: a page has its own.
  static func plain(_ text: String) -> String {
    let bare = text.replacing(/\u{1B}\[[0-9:;]*m/, with: "")
    var line = ""
    for character in bare.last == "\r" ? bare.dropLast() : bare[...] {
      if character == "\t" {
        line += String(repeating: " ", count: 8 - line.count % 8)
      } else {
        line.append(character)
      }
    }
    return TerminalText.escaped(line)
  }
}
