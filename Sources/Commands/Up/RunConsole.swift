import Logs
import Platform
import Supervisor

/// What a foreground run shows, and where: the output of its processes, mporch's own words, and on a terminal a line of
/// progress below them.
final class RunConsole {
  private static let tickMilliseconds: Int64 = 200
  /// A failure so shortly before the end is said once, at the end.
  private static let newsDelayMilliseconds: Int64 = 500

  private let stream: OutputStream
  private let words: OutputStream
  private let style: LogStyle
  private let shownInstances: ([String]) -> [String]
  private let progress: ProgressLine?
  private let startedAt = RunConsole.nowMilliseconds()
  private var output: LogOutput?
  private var nextTick: Int64 = 0
  private var isSnapshotDue = false
  private var heldNews: [(due: Int64, text: String)] = []

  /// `shownInstances`: those of all instances whose output is asked for.
  init(
    stream: OutputStream, words: OutputStream, style: LogStyle, shownInstances: @escaping ([String]) -> [String]
  ) {
    self.stream = stream
    self.words = words
    self.style = style
    self.shownInstances = shownInstances
    progress = words.isTerminal ? ProgressLine(on: words) : nil
  }

  // MARK: What the run says

  func begin(_ status: RunStatus, instances: [String]) {
    output = LogOutput(to: stream, style: style, instances: instances, shown: shownInstances(instances))
  }

  func append(_ chunk: UnsafeRawBufferPointer, instance: Int, stream: FrameHeader.OutputStream, time: Int64) {
    output?.append(chunk, instance: instance, stream: stream, time: time)
  }

  func tell(_ event: Event) {
    guard event.isNews else { return }
    if case .exited(_, _, nil) = event.kind {
      heldNews.append((Self.nowMilliseconds() + Self.newsDelayMilliseconds, event.text))
    } else {
      say(event.text)
    }
  }

  func show(_ instances: [InstanceStatus]) {
    isSnapshotDue = false
    guard !hasPendingOutput else { return }
    progress?.update(instances, elapsedSeconds: Double(Self.nowMilliseconds() - startedAt) / 1000)
  }

  func endOutput() { output?.finish() }

  /// Nothing more will be said of the run's progress, and what was held back is said otherwise.
  func finish() {
    heldNews = []
    progress?.hide()
  }

  /// mporch's own words; each line is marked as such.
  func say(_ text: String) {
    progress?.hide()
    for line in text.split(separator: "\n") { words.write("mporch: \(line)\n") }
    if !hasPendingOutput { progress?.show() }
  }

  // MARK: Writing

  var outputDescriptor: Int32 { stream.descriptor.rawValue }
  var hasPendingOutput: Bool { output.map { $0.pendingByteCount > 0 } ?? false }

  func hasRoom(isStopping: Bool) -> Bool { output?.hasRoom(isStopping: isStopping) ?? true }

  func writeSome() {
    if stream.isTerminal { progress?.hide() }
    output?.writeSome()
    if stream.isTerminal, !hasPendingOutput { progress?.show() }
  }

  /// A file needs no waiting for.
  func writeSomeIfFile() {
    if stream.sort == .file, hasPendingOutput { writeSome() }
  }

  // MARK: Time

  /// -1: there is nothing to be done at a certain time.
  func millisecondsToNextTick(isConnected: Bool) -> Int32 {
    guard isConnected else { return -1 }
    let due = ((progress == nil ? [] : [nextTick]) + heldNews.prefix(1).map(\.due)).min()
    return due.map { Int32(clamping: max(0, $0 - Self.nowMilliseconds())) } ?? -1
  }

  /// Whether to ask for a snapshot now.
  func tick() -> Bool {
    let now = Self.nowMilliseconds()
    while let news = heldNews.first, news.due <= now {
      heldNews.removeFirst()
      say(news.text)
    }
    guard progress != nil, now >= nextTick else { return false }
    nextTick = now + Self.tickMilliseconds
    // One at a time: a supervisor that has no time for it is not asked again and again.
    guard output != nil, !isSnapshotDue else { return false }
    isSnapshotDue = true
    return true
  }

  private static func nowMilliseconds() -> Int64 { Int64(Clock.monotonicNanoseconds / 1_000_000) }
}
