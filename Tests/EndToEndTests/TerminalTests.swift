import Glibc
import Testing

/// What someone sees who sits at a terminal: `script` of util-linux gives one.
@Suite(.serialized, .enabled(if: access("/usr/bin/script", X_OK) == 0, "needs /usr/bin/script for a terminal"))
struct TerminalTests {
  private func shown(_ world: World, environment: String) throws -> String {
    let file = try world.write(
      "slow.yaml",
      """
      queues: {numbers: {type: int64}, few: {type: int64}}
      processes:
        source: {task: range, with: {stop: 100}, out: numbers}
        slow: {task: throttle, with: {rate: 60}, in: numbers, out: few}
        show: {task: print, in: few}
      """)
    let outcome = try world.shell(
      "\(environment) SHELL=/bin/sh /usr/bin/script -qefc \"$MPORCH up \(file)\" /dev/null")
    #expect(outcome.status == 0, "\(outcome.text)")
    return outcome.text
  }

  private static let eraseLine = "\r\u{1B}[K"
  private static let green = "\u{1B}[32m"

  /// Without what a terminal makes of it: the lines that stay.
  private func kept(_ text: String) -> [Substring] {
    text.split(separator: "\r\n").map { line in line.split(separator: Self.eraseLine).last ?? "" }
  }

  /// Seen to fail: a line that stays.
  @Test func aProgressLineIsShownAndGoes() throws {
    try World.with { world in
      let text = try shown(world, environment: "TERM=xterm")
      #expect(text.contains("running") && text.contains("slow 100%") == false, "\(text)")
      // Two of them are under way, at some rate, and the line is erased at the end.
      #expect(text.contains(/\d\.\d\ds  \d running/) && text.contains(/slow [0-9.]+\/s/), "\(text)")
      #expect(text.hasSuffix(Self.eraseLine), "\(text.debugDescription.suffix(200))")
      let lines = kept(text).filter { $0.contains("show-1") }
      #expect(lines.count == 100, "\(lines.count)")
    }
  }

  /// Seen to fail: `NO_COLOR` not looked at.
  @Test func namesAreColouredUnlessOneAsksNotTo() throws {
    try World.with { world in
      #expect(try shown(world, environment: "TERM=xterm").contains(Self.green))
      #expect(try shown(world, environment: "TERM=xterm NO_COLOR=").contains(Self.green))
      for environment in ["TERM=xterm NO_COLOR=1", "TERM=dumb"] {
        let text = try shown(world, environment: environment)
        #expect(text.contains("show-1    | 99") && !text.contains("\u{1B}[3"), "\(text)")
      }
    }
  }

  /// A prompt is there before its line ends; another one's line comes between; nothing is shown twice. Seen to fail: the
  /// prompt comes with its line.
  @Test func whatHasBegunOfALineIsShownAtOnce() throws {
    try World.with { world in
      let file = try world.write(
        "ask.yaml",
        """
        processes:
          ask: {run: 'printf "your name? "; : >asked; until test -e said; do sleep 0.02; done; sleep 0.3; echo Ada'}
          say: {run: 'until test -e seen; do sleep 0.02; done; echo between; : >said'}
        """)
      let watcher = "until grep -q 'your name' typed; do sleep 0.02; done; : >seen"
      let outcome = try world.shell(
        "cd \(world.folder) && : >typed && (\(watcher)) & cd \(world.folder); TERM=dumb SHELL=/bin/sh /usr/bin/script -qefc "
          + "\"$MPORCH up \(file)\" -f typed >/dev/null; cat typed")
      #expect(outcome.status == 0, "\(outcome)")
      // `script` says in a line of its own that it begins.
      let lines = kept(outcome.text).filter { $0.contains("|") }.map { $0.split(separator: "\n").last ?? "" }
      #expect(lines == ["ask-1  | your name? ", "say-1  | between", "ask-1  | Ada"], "\(outcome.text)")
    }
  }
}
