import Supervisor
import Text
import Topology

extension ResourceStatus.Managed: ResourceView {
  static let sort = "managed"
  static let columns = ["TYPE", ">LENGTH", "CONTENTS"]

  var cells: [String] {
    [type, lengthWords, excerptWords]
  }

  var title: String { "managed \(type)" }

  var facts: [(name: String, lines: [String])] {
    [("kept by", [server]), ("length", [lengthWords]), ("contents", [excerptWords])]
  }

  var top: TopResource {
    TopResource(sort: type, note: length.map { "\($0) elements" } ?? "no answer")
  }

  private var lengthWords: String { length.map { "\($0)" } ?? "no answer" }
  private var excerptWords: String { excerpt.map(TerminalText.escaped) ?? ResourceWords.none }
}
