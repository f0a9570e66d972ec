internal import Glibc
internal import Platform
internal import SystemPackage

/// One run of a health check's command, from its fork to its outcome. Nothing in it waits.
final class HealthProbe {
  let pid: Int32
  private let test: HelperSpawner.Test
  private let loop: EventLoop
  private let timeout: Duration
  private var timer: EventLoop.Timer?
  private var watch: EventLoop.Watch?
  private var excerpt = OutputExcerpt()
  /// Called once; `nil` once it was.
  private var onOutcome: ((ProbeOutcome) -> Void)?

  init(
    _ test: consuming HelperSpawner.Test, loop: EventLoop, timeout: Duration,
    onOutcome: @escaping (ProbeOutcome) -> Void
  ) throws(Errno) {
    pid = test.pid
    self.test = test
    self.loop = loop
    self.timeout = timeout
    self.onOutcome = onOutcome
    timer = loop.after(timeout) { [unowned self] in
      timer = nil
      kill()
      // Not when it has died: a process in the kernel's hands can outlast SIGKILL.
      conclude { .timedOut(after: timeout, output: $0) }
    }
    do {
      watch = try loop.watch(self.test.output.number, .read) { [unowned self] _ in readOutput() }
    } catch {
      kill()
      throw error
    }
  }

  deinit { release() }

  /// Its number may be another's.
  private var hasDied = false

  /// Nobody wants to know any more.
  func cancel() {
    onOutcome = nil
    if !hasDied { kill() }
    release()
  }

  /// It has died.
  func end(_ ending: Ending) {
    hasDied = true
    readOutput()
    if let error = test.refusalError() { return conclude { _ in .notExecutable(error) } }
    conclude { ending == .exited(0) ? .passed : .failed(ending, output: $0) }
  }

  private func conclude(_ outcome: (_ output: String) -> ProbeOutcome) {
    release()
    guard let report = onOutcome.take() else { return }
    report(outcome(excerpt.text))
  }

  private func release() {
    if let timer = timer.take() { loop.cancel(timer) }
    unwatch()
  }

  private func unwatch() {
    if let watch = watch.take() { loop.unwatch(watch) }
  }

  /// With what it has started.
  private func kill() {
    Glibc.kill(-pid, SIGKILL)
    Glibc.kill(pid, SIGKILL)
  }

  /// As much as a pipe holds, and no more: what it has started may write on.
  private func readOutput() {
    withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { bytes in
      for _ in 0..<4 {
        guard case .count(let count)? = try? test.output.read(into: bytes) else { break }
        guard count > 0 else { return unwatch() }
        excerpt.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
    }
  }
}

/// What one run of a health check's command came to.
enum ProbeOutcome: Equatable {
  case passed
  /// `output`: the last that it printed.
  case failed(Ending, output: String)
  case timedOut(after: Duration, output: String)
  /// There is no such program, or it may not be run; or its working folder is gone.
  case notExecutable(Errno)
  /// The system has no room for another process.
  case notStarted(Errno)

  /// Follows `its test `; `nil`: it passed.
  var failure: String? {
    switch self {
    case .passed: nil
    case .failed(let ending, let output): "\(ending)\(Self.appendix(output))"
    case .timedOut(let limit, let output): "did not end within \(limit)\(Self.appendix(output))"
    case .notExecutable(let error): "can't be run: \(error)"
    case .notStarted(let error): "could not be started: \(error)"
    }
  }

  private static func appendix(_ output: String) -> String { output.isEmpty ? "" : ": \(output)" }
}

/// The last of what a probe printed, as one line for people.
struct OutputExcerpt {
  static let maxByteCount = 512
  private var bytes: [UInt8] = []

  mutating func append(_ more: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: more.suffix(Self.maxByteCount))
    if bytes.count > 2 * Self.maxByteCount { bytes.removeFirst(bytes.count - Self.maxByteCount) }
  }

  /// Its lines, one after the other. What a terminal would take for a command is replaced.
  var text: String {
    let whole = String(decoding: bytes.suffix(Self.maxByteCount), as: UTF8.self)
    return whole.split(whereSeparator: \.isNewline).map(Self.printable).filter { !$0.isEmpty }.joined(separator: " / ")
  }

  private static func printable(_ line: Substring) -> String {
    let scalars = line.unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar == "\t" ? " " : scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars).drop { $0 == " " })
  }
}
