internal import Platform
internal import Sharing
internal import SystemPackage

/// Puts what a command prints on its standard output, each line an item, into its worker's output.
final class CommandHarvest {
  /// What must come before it can go on.
  enum Need {
    /// The command is to print something.
    case text
    /// In the queue or pipe, `resource`.
    case room(FutexWait, resource: Int, WaitNeed)
    /// Among the dead letters: to be looked at after some milliseconds.
    case roomForRejected
    /// It has closed its standard output.
    case nothing
  }

  private let worker: Worker
  private let outlet: Outlet
  private let decoder: LineDecoder
  /// Of items that are finished by their answers.
  private let answered: CommandFeed?
  /// Where an item goes whose answer is that it is rejected.
  private let rejections: Rejections?
  private let place: String
  /// An answer by which its item is rejected, once those before it are published.
  private var rejection: LineDecoder.Rejection?
  private var text = LineBuffer()
  /// `nil` once it is closed.
  private var standardOutput: Descriptor?
  /// What is wrong with a line: told when those before it are published.
  private var failure: (any Error)?

  init(
    _ outlet: Outlet, worker: Worker, format: CommandFormat, answersTo feed: CommandFeed?, rejections: Rejections?,
    at place: String, standardOutput: consuming Descriptor
  ) {
    self.worker = worker
    self.outlet = outlet
    decoder = LineDecoder(format: format, outlet: outlet)
    answered = feed
    self.rejections = rejections
    self.place = place
    self.standardOutput = consume standardOutput
  }

  var descriptorNumber: Int32? { standardOutput?.number }

  /// Reads and puts as much as goes, without waiting.
  func advance() throws -> Need {
    while true {
      if let need = try settle(waits: false) { return need }
      if let failure { throw failure }
      if try appendLines() { continue }
      switch try read() {
      case .wouldBlock: return .text
      case .count(0):
        standardOutput = nil
        return .nothing
      case .count: break
      }
    }
  }

  /// After the command's end, when nothing more can come: puts the rest, waiting for room. `isWhole`: it ended by
  /// itself, so that a last line without a newline is one.
  func conclude(isWhole: Bool) throws {
    repeat {
      _ = try settle(waits: true)
      if let failure { throw failure }
    } while try appendLines() || readRest()
    if isWhole, !text.unused.isEmpty {
      try append(text.unused)
      text.use(text.unused.count)
      try requireQuestions()
    }
    _ = try settle(waits: true)
  }

  /// Bytes of an unterminated line.
  var restByteCount: Int { text.unused.count }

  /// Of all that it puts into; `nil`: somebody is left.
  var readersEnded: ReadersEnded? {
    var failed = false
    for port in outlet.outputPorts {
      switch port.readers {
      case .live: return nil
      case .ended(let hasFailed): failed = failed || hasFailed
      }
    }
    return ReadersEnded(failed: failed)
  }

  /// Nothing is in the pipe by which they come.
  var isPipeEmpty: Bool { standardOutput?.unreadByteCount == 0 }

  /// The command has answered whatever it was asked: it waits for its input.
  var hasAllAnswers: Bool { answered.map { outlet.pendingCount >= $0.unansweredCount } ?? false }

  /// Takes no more: the command's next line finds nobody.
  func stop() { standardOutput = nil }

  // MARK: Reading

  private func read() throws -> Descriptor.Transfer {
    guard standardOutput != nil else { return .count(0) }
    if text.unused.count > decoder.lineByteLimit { throw tooLong(text.unused) }
    var transfer = Descriptor.Transfer.wouldBlock
    _ = try text.fill { block in
      transfer = try standardOutput!.read(into: block)
      return if case .count(let count) = transfer { count } else { 0 }
    }
    return transfer
  }

  /// What is left in the pipe.
  private func readRest() throws -> Bool {
    if case .count(let count) = try read() { count > 0 } else { false }
  }

  private func tooLong(_ line: UnsafeRawBufferPointer) -> CommandFailure {
    let name = outlet.narrowest.resourceName
    return CommandFailure(
      message:
        "its command printed a line of more than \(decoder.lineByteLimit) bytes, \(LineDecoder.excerpt(line)); "
        + "'\(name)' takes items of \(outlet.itemByteLimit) (bytes)",
      help: "raise the 'bytes' of '\(name)'")
  }

  // MARK: Appending

  /// As many whole lines as are published together; false: there is none.
  private func appendLines() throws -> Bool {
    let lines = text.lines
    guard !lines.isEmpty else { return false }
    if decoder.takesTextAsItIs {
      text.use(try attempt(lines) { try outlet.append(linesOf: lines) })
    } else {
      var used = 0
      while used < lines.count, !outlet.isDue, rejection == nil {
        let rest = UnsafeRawBufferPointer(rebasing: lines[used...])
        let line = UnsafeRawBufferPointer(rebasing: rest[..<rest.firstIndex(of: 0x0A)!])
        do { try append(line) } catch {
          failure = error
          return true
        }
        used += line.count + 1
      }
      text.use(used)
    }
    try requireQuestions()
    return true
  }

  private func append(_ line: UnsafeRawBufferPointer) throws {
    try attempt(line) { rejection = try decoder.append(line, mayReject: answered != nil) }
  }

  /// `text`: the line, or lines of which the first is at fault. What the outlet refuses, it refuses with its own words.
  private func attempt<Result>(_ text: UnsafeRawBufferPointer, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let failure as KindFailure {
      let line = UnsafeRawBufferPointer(rebasing: text.prefix { $0 != 0x0A })
      if line.count > decoder.lineByteLimit { throw tooLong(line) }
      throw CommandFailure(
        message: "its command printed \(LineDecoder.excerpt(line)): \(failure)",
        help: "each line of its standard output is one item")
    }
  }

  /// Each answer has its item, which was read before the answer came. Before any of them is published.
  private func requireQuestions() throws {
    let count = outlet.pendingCount + (rejection == nil ? 0 : 1)
    guard let answered, count > answered.answerableCount else { return }
    throw CommandFailure(
      message: "its command printed more lines than it was given items: with 'replies: each' each item has one line of "
        + "answer", help: "let it print exactly one line an item, and anything else to its standard error")
  }

  // MARK: Publishing

  /// All answers that have come; `nil`: done.
  private func settle(waits: Bool) throws -> Need? {
    if let need = try publish(waits: waits) { return need }
    guard let rejection, let answered else { return nil }
    guard let rejections,
      let outcome = answered.reject(
        because: rejection.reason, at: place, by: rejections, until: waits ? nil : 0)
    else {
      throw CommandFailure(
        message: "its command rejected a message of a pipe", help: "only items of a queue can be rejected")
    }
    switch outcome {
    case .deadLettered, .lost: self.rejection = nil
    case .timedOut: return .roomForRejected
    case .full:
      throw CommandFailure(
        message: "its command rejected an item, and the dead_letter queue is full and declared 'on_full: fail'",
        help: "raise its 'capacity' or 'bytes'")
    }
    return nil
  }

  /// All that is appended; `nil`: done.
  private func publish(waits: Bool) throws -> Need? {
    while outlet.pendingCount > 0 {
      let records = try worker.publish(outlet, until: waits ? nil : 0) { [answered] in answered?.progress(answering: $0)
      }
      guard records == nil else { continue }
      if let blocked = worker.stepper.prepareWait(for: outlet.outputPorts, pending: outlet.pending(to:)) {
        return .room(blocked.wait, resource: blocked.resource, blocked.need)
      }
    }
    return nil
  }
}
