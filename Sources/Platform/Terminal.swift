internal import CPlatform
internal import Glibc
package import SystemPackage

/// What a terminal does with what is typed: whether it shows it, keeps it back until the line is complete, and so on.
package struct TerminalMode: Equatable {
  private var settings: termios

  /// As it is now.
  package init(of terminal: Int32) throws(Errno) {
    var settings = termios()
    try withUnsafeMutablePointer(to: &settings) { settings throws(Errno) in
      _ = try syscall { tcgetattr(terminal, settings) }
    }
    self.settings = settings
  }

  /// Each key arrives at once, and is not shown. Ctrl-C, Ctrl-Z and Ctrl-\ stay signals; Ctrl-S stops nothing.
  package var forKeys: TerminalMode {
    var mode = self
    mode.settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
    mode.settings.c_lflag |= tcflag_t(ISIG)
    mode.settings.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR | ISTRIP)
    withUnsafeMutableBytes(of: &mode.settings.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    return mode
  }

  /// At once. In the background too, if this process blocks SIGTTOU or has no controlling terminal.
  package func apply(to terminal: Int32) throws(Errno) {
    try withUnsafePointer(to: settings) { settings throws(Errno) in
      _ = try syscall { tcsetattr(terminal, TCSANOW, settings) }
    }
  }

  package static func == (one: TerminalMode, other: TerminalMode) -> Bool {
    let (one, other) = (one.settings, other.settings)
    let flags = [one.c_iflag, one.c_oflag, one.c_cflag, one.c_lflag]
    guard flags == [other.c_iflag, other.c_oflag, other.c_cflag, other.c_lflag] else { return false }
    return withUnsafeBytes(of: one.c_cc) { one in withUnsafeBytes(of: other.c_cc) { one.elementsEqual($0) } }
  }
}

/// How much a terminal shows.
package struct TerminalSize: Sendable, Equatable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// As it is now; `nil`: it is no terminal, or does not say.
  package init?(of number: Int32) {
    var (columns, rows): (Int32, Int32) = (0, 0)
    guard mporch_terminal_size(number, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
    self.init(columns: Int(columns), rows: Int(rows))
  }
}
