import Supervisor
import Text
import Topology

extension OutputStream {
  /// An item on a line of its own. As text it goes out byte by byte as it is, but to a terminal, which it could harm.
  func write(item: WireItem, isJSON: Bool) {
    var bytes = isJSON ? Array(item.json.utf8) : item.plain
    if isTerminal { bytes = Array(TerminalText.escaped(String(decoding: bytes, as: UTF8.self)).utf8) }
    bytes.append(UInt8(ascii: "\n"))
    bytes.withUnsafeBytes { write($0) }
  }
}
