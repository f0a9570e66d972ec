import Logs
import Platform
import Supervisor

/// What a foreground run shows, and where: the output of its processes, mporch's own words, and on a terminal a line of
/// progress below them.
final class RunConsole {
  private static let tickMilliseconds: Int64 = 200

  private let stream: OutputStream
  private let words: OutputStream
  private let style: LogStyle
  private let shownInstances: ([String]) -> [String]
  private let progress: ProgressLine?
  private let startedAt = RunConsole.nowMilliseconds()
  private var output: LogOutput?
  private var nextTick: Int64 = 0
  private var isSnapshotDue = false
  /// mporch's own words behind output that waits to be written: what a process said last stands before what became of it.
  private var held: [(text: String, position: Int, deadline: Int64)] = []
  /// So long at most, where the output is not read: that is told as well.
  private static let longestHold: Int64 = 500

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

  /// Instances that came later.
  func join(_ instances: [Int: String]) { output?.join(instances) }

  func append(_ chunk: UnsafeRawBufferPointer, instance: Int, stream: FrameHeader.OutputStream, time: Int64) {
    output?.append(chunk, instance: instance, stream: stream, time: time)
  }

  func tell(_ event: Event) {
    switch event.kind {
    // In the form of a diagnostic, which begins with its place.
    case .message(.error, let text), .message(.warning, let text), .unhealthy(_, let text): write(text + "\n")
    default: if event.isNews { write("mporch: \(event.text)\n") }
    }
  }

  func show(_ instances: [InstanceStatus]) {
    isSnapshotDue = false
    guard isAtLineStart else { return }
    progress?.update(instances, elapsedSeconds: Double(Self.nowMilliseconds() - startedAt) / 1000)
  }

  func endOutput() { output?.finish() }

  /// Nothing more will be shown of the run.
  func finish() {
    release(until: .max)
    progress?.hide()
  }

  /// mporch's own words.
  private func write(_ text: String) {
    guard hasPendingOutput || !held.isEmpty, let output else { return writeNow(text) }
    held.append((text, output.position.rendered, Self.nowMilliseconds() + Self.longestHold))
  }

  /// Those before which nothing is to be written any more, and those that were held for long enough by then.
  private func release(until now: Int64) {
    let written = output?.position.written ?? .max
    while let first = held.first, first.position <= written || first.deadline <= now {
      held.removeFirst()
      writeNow(first.text)
    }
  }

  private func writeNow(_ text: String) {
    progress?.hide()
    if stream.isTerminal, output?.endsWithinLine == true {
      output?.endLine()
      output?.writeSome()
    }
    words.write(text)
    if isAtLineStart { progress?.show() }
  }

  /// All that came is shown, and the last line has ended.
  private var isAtLineStart: Bool { !hasPendingOutput && output?.endsWithinLine != true }

  // MARK: Writing

  var outputDescriptor: Int32 { stream.descriptor.rawValue }
  var hasPendingOutput: Bool { output.map { $0.pendingByteCount > 0 } ?? false }

  func hasRoom(isStopping: Bool) -> Bool { output?.hasRoom(isStopping: isStopping) ?? true }

  /// Whoever read it through a pipe has gone: it was enough, as for `head`.
  var isUnread: Bool { stream.sort == .stream && stream.isBroken }

  /// Something has happened there: there is room, or nobody is there any more.
  func look() {
    if hasPendingOutput {
      writeSome()
    } else if stream.sort == .stream {
      _ = stream.waitForInput(on: [], milliseconds: 0)
    }
  }

  private func writeSome() {
    if stream.isTerminal { progress?.hide() }
    output?.writeSome()
    release(until: 0)
    if stream.isTerminal, isAtLineStart { progress?.show() }
  }

  /// A file needs no waiting for, nor does what nobody reads any more, which is dropped.
  func writeSomeUnwaited() {
    if stream.sort == .file || isUnread, hasPendingOutput { writeSome() }
  }

  // MARK: Time

  /// -1: there is nothing to be done at a certain time.
  func millisecondsToNextTick(isConnected: Bool) -> Int32 {
    let next = [isConnected && progress != nil ? nextTick : nil, held.first?.deadline].compactMap(\.self).min()
    return next.map { Int32(clamping: max(0, $0 - Self.nowMilliseconds())) } ?? -1
  }

  /// Whether to ask for a snapshot now.
  func tick() -> Bool {
    let now = Self.nowMilliseconds()
    release(until: now)
    guard progress != nil, now >= nextTick else { return false }
    nextTick = now + Self.tickMilliseconds
    // One at a time: a supervisor that has no time for it is not asked again and again.
    guard output != nil, !isSnapshotDue else { return false }
    isSnapshotDue = true
    return true
  }

  private static func nowMilliseconds() -> Int64 { Int64(MonotonicClock.now / 1_000_000) }
}
