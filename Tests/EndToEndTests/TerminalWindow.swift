import Glibc
import Testing

/// A terminal with a shell in it, as someone has it before them: tmux keeps it, takes keys and tells what it shows.
final class TerminalWindow {
  static let isAvailable = access("/usr/bin/tmux", X_OK) == 0

  private let world: World
  private let tmux: String

  private init(_ world: World, columns: Int, rows: Int) throws {
    self.world = world
    tmux = "/usr/bin/tmux -u -f /dev/null -S '\(world.folder)/tmux'"
    let start = "\(tmux) new-session -d -x \(columns) -y \(rows) 'PS1=\"$ \" exec /bin/sh'"
    let outcome = try world.shell(start)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try shows { $0.first == "$" })
  }

  /// Opens one, and closes it with all that runs in it.
  static func with(
    _ world: World, columns: Int = 80, rows: Int = 24, _ body: (TerminalWindow) throws -> Void
  ) throws {
    let window = try TerminalWindow(world, columns: columns, rows: rows)
    defer { _ = try? window.command("kill-server") }
    try body(window)
  }

  /// Names of keys, as tmux has them: `Enter`, `Up`, `C-c`, or a letter.
  func press(_ keys: String...) throws { try command("send-keys \(keys.joined(separator: " "))") }

  /// A line for the shell.
  func type(_ line: String) throws {
    try command("send-keys -l '\(line)'")
    try press("Enter")
  }

  func resize(columns: Int, rows: Int) throws { try command("resize-window -x \(columns) -y \(rows)") }

  /// The lines, without trailing blanks; `styled`: with the sequences that colour them.
  func lines(styled: Bool = false) throws -> [String] {
    let text = try command("capture-pane -p\(styled ? " -e" : "")").text
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// For what a test that fails has to say.
  var text: String { (try? lines().joined(separator: "\n")) ?? "" }

  /// Waits until what is shown is as it should be.
  func shows(_ condition: ([String]) throws -> Bool) throws -> Bool {
    try poll(within: 20) {
      usleep(30_000)
      return try condition(lines())
    }
  }

  func shows(_ text: String) throws -> Bool { try shows { $0.contains { $0.contains(text) } } }

  /// Whether the shell has it again: its own screen, its cursor, lines that wrap.
  func isGivenBack() throws -> Bool {
    try poll(within: 20) {
      try command("display -p '#{alternate_on} #{cursor_flag} #{wrap_flag}'").text == "0 1 1\n"
    }
  }

  /// How the terminal treats what is typed, as the shell in it sees it.
  func mode() throws -> String {
    let path = "\(world.folder)/mode"
    unlink(path)
    try type("stty -a >\(path).new; mv \(path).new \(path)")
    #expect(poll(within: 20) { !readText(path).isEmpty })
    return readText(path)
  }

  @discardableResult
  private func command(_ words: String) throws -> Child.Outcome { try world.shell("\(tmux) \(words)") }
}
