internal import Glibc
internal import Logs
internal import Platform
internal import SystemPackage

/// Waits for the line by which one life of an instance says that it is ready.
final class LogLineWatch: HealthWatch {
  /// Once the life is over: what it printed will have been looked through by then.
  private static let lastTime = Duration.seconds(5)

  let pid: Int32
  private let loop: EventLoop
  private var feed: LineFeed?
  private var timer: EventLoop.Timer?
  /// `nil`: nobody wants to know any more, or all was said.
  private var report: ((HealthReport) -> Void)?

  /// `spawned`: a line matcher, and the pipe that it reads. `onCongestion`: whether it is slower than what is printed; it
  /// does not say so of its end.
  init(
    _ spawned: consuming HelperSpawner.Matcher, loop: EventLoop, onCongestion: @escaping (Bool) -> Void,
    report: @escaping (HealthReport) -> Void
  ) throws(Errno) {
    pid = spawned.pid
    self.loop = loop
    self.report = report
    let feed = try LineFeed(spawned.input, loop: loop)
    feed.onDone = { [unowned self] in self.feed = nil }
    feed.onCongestion = onCongestion
    self.feed = feed
  }

  deinit { end() }

  func append(_ stream: LogStream, _ chunk: UnsafeRawBufferPointer) { feed?.append(stream, chunk) }

  /// The matcher sleeps only where it waits for the next line.
  var isIdle: Bool { feed?.isTaken == true && ProcessStatistics(of: pid)?.isAsleep == true }

  func finish() -> Bool {
    guard report != nil else { return false }
    feed?.finish()
    timer = loop.after(Self.lastTime) { [unowned self] in
      timer = nil
      kill(pid, SIGKILL)
    }
    return true
  }

  func end() {
    // Its pid may be another's once it has said all.
    if report.take() != nil { kill(pid, SIGKILL) }
    release()
  }

  /// The matcher has died.
  func take(_ ending: Ending) {
    guard let report = report.take() else { return }
    release()
    switch ending {
    case .exited(LineMatcher.matchCode): report(.healthy)
    case .exited(LineMatcher.noMatchCode): report(.neverReady)
    default:
      let reason =
        ending == .signalled(SIGALRM)
        ? "took longer than \(LineMatcher.secondsForLine) seconds over one line; make it simpler"
        : "can't be looked for: the process that does it \(ending)"
      report(.broken(reason: reason))
      report(.unhealthy(reason: "the line was not found: its ready_log_line \(reason)"))
    }
  }

  private func release() {
    if let timer = timer.take() { loop.cancel(timer) }
    feed = nil
  }
}

/// What the process does that looks for a line: it reads lines from its standard input until one matches.
///
/// A process of its own, since nobody knows how long a regular expression takes: some take for ever, and the supervisor
/// must not.
enum LineMatcher {
  /// For one line; then the process ends by SIGALRM.
  static let secondsForLine: UInt32 = 5
  static let matchCode: Int32 = 0
  static let noMatchCode: Int32 = 1

  static func run(_ pattern: String) -> Never {
    CurrentProcess.setName("mporch-match")
    // It compiled when the file was checked.
    guard let regex = try? Regex(pattern) else { _exit(noMatchCode) }
    while let line = readLine() {
      alarm(secondsForLine)
      if line.contains(regex) { _exit(matchCode) }
      // The time until the next line is not the expression's.
      alarm(0)
    }
    _exit(noMatchCode)
  }
}
