internal import Platform
internal import Sharing
internal import SystemPackage

/// Gives a command the items of its worker's input, each as a line on its standard input. Never waits.
final class CommandFeed {
  /// What must come before it can go on.
  enum Need {
    /// The command is to take what was written: its pipe is writable then.
    case room
    /// As `room`, where the pipe does not say so: to be looked at after some milliseconds.
    case emptyPipe
    /// Of the queue or pipe.
    case items(FutexWait)
    /// The command is to answer what it has (`replies: each`).
    case answers
    /// There is nothing more to give.
    case nothing
  }

  private var input: ItemInput
  private let worker: Worker
  private var items: TakenItems
  private let encoder: LineEncoder
  let repliesToEach: Bool
  /// Other processes take of the same items: this one takes more only when its command has read what it has.
  private let sharesItems: Bool
  private var pace: FeedPace
  /// Nothing more is taken; what is on its way is a line that has begun.
  private(set) var isDraining = false
  /// `nil` once it is closed.
  private var standardInput: Descriptor?
  /// Then, the other side of it: what the command has not read is still there.
  private var remains: Descriptor?

  /// What the system gives a pipe by itself.
  private static let streamByteCount = 64 << 10
  private var isLargePipe = false

  /// Lines on their way, where each ends, and how many bytes are written.
  private var lines: [UInt8] = []
  private var lineEnds: [Int] = []
  private var writtenByteCount = 0
  private var writtenCount = 0

  enum InputEnd {
    case whole
    /// A process that writes to it has failed.
    case incomplete
  }
  /// `nil`: it has not ended yet.
  private(set) var inputEnd: InputEnd?

  init(
    _ inlet: Inlet, worker: Worker, format: CommandFormat, repliesToEach: Bool, standardInput: consuming Descriptor
  ) {
    input = ItemInput(inlet.port, of: worker.entry, spin: worker.spinBudget)
    self.worker = worker
    encoder = LineEncoder(type: inlet.type, format: format)
    self.repliesToEach = repliesToEach
    items = TakenItems(inlet.port)
    let sharesItems = if case .queue(let reader) = inlet.port { reader.isShared } else { false }
    self.sharesItems = sharesItems
    pace = FeedPace(mayStream: !sharesItems)
    // A pipe of one page can be written to when it is empty, and only then.
    Pipe.requestCapacity(1, of: standardInput.number)
    self.standardInput = consume standardInput
  }

  var port: InputPort { input.port }
  var descriptorNumber: Int32? { standardInput?.number }

  /// Of those taken last, written.
  var givenCount: Int { writtenCount }

  /// Written, and not answered.
  var unansweredCount: Int { writtenCount - items.finishedCount }

  /// Takes and writes as much as goes.
  func advance() throws -> Need {
    while standardInput != nil {
      if writtenByteCount < lines.count {
        if let need = needBeforeWriting() { return need }
        if try !write() { return standardInput == nil ? .nothing : .room }
        continue
      }
      if isDraining { endInput() }
      if repliesToEach, unansweredCount > 0 { return .answers }
      if standardInput == nil { break }
      if sharesItems, !standardInput!.isWritable() { return .room }
      if let need = try takeMore() { return need }
    }
    return .nothing
  }

  /// It was woken for items that it does not take now: others may sleep that do.
  func passOnWakeUp() { input.passOnWakeUp() }

  /// Takes no more: the command gets the end of its input behind the line that has begun, and may answer what it has.
  func drain() {
    guard standardInput != nil, !isDraining else { return }
    isDraining = true
    let hasBegun = writtenByteCount > (writtenCount > 0 ? lineEnds[writtenCount - 1] : 0)
    lineEnds.removeLast(lineEnds.count - writtenCount - (hasBegun ? 1 : 0))
    lines.removeLast(lines.count - (lineEnds.last ?? 0))
    input.stopWaiting()
  }

  /// What it was not given goes back; and, where each is answered, what it does not answer.
  private func endInput() {
    closeStandardInput()
    if !repliesToEach { input.giveBack() }
  }

  /// Items that the command can answer by now, at most: it has read them, but perhaps for the newline, which a value of
  /// JSON does not need.
  var answerableCount: Int {
    let unread = standardInput?.unreadByteCount ?? remains?.unreadByteCount ?? 0
    let readByteCount = writtenByteCount - unread
    let open = lineEnds[items.finishedCount...].firstIndex { $0 - 1 > readByteCount } ?? lineEnds.count
    return open - items.finishedCount
  }

  /// The command was given all that is on its way, and has to answer some of it.
  var awaitsAnswers: Bool {
    repliesToEach && unansweredCount > 0 && writtenByteCount == lines.count && standardInput != nil
  }

  /// The inode of the pipe by which the command gets its lines, where it has read all of them and has to answer some.
  var pipeOfAwaitedAnswers: UInt64? {
    awaitsAnswers && standardInput?.unreadByteCount == 0 ? standardInput?.inode : nil
  }

  /// Of the queue or pipe.
  var needOfItems: WaitNeed { input.need }

  // MARK: Writing

  private func needBeforeWriting() -> Need? {
    if pace.isStream, pace.goOn() { return nil }
    if pace.left > 0 { return nil }
    guard standardInput?.unreadByteCount ?? 0 == 0 else {
      pace.didBlock(byFullPipe: false)
      return isLargePipe ? .emptyPipe : .room
    }
    pace.begin()
    setPipe(large: pace.isStream)
    return nil
  }

  private func setPipe(large: Bool) {
    guard large != isLargePipe, let number = descriptorNumber else { return }
    isLargePipe = large
    Pipe.requestCapacity(large ? Self.streamByteCount : 1, of: number)
  }

  /// False: no more goes now.
  private func write() throws -> Bool {
    do {
      let burstEnd = pace.isStream ? lines.count : lineEnds[min(writtenCount + pace.left, lineEnds.count) - 1]
      let transfer = try lines.withUnsafeBytes { bytes in
        try standardInput!.write(UnsafeRawBufferPointer(rebasing: bytes[writtenByteCount..<burstEnd]))
      }
      guard case .count(let count) = transfer else {
        pace.didBlock(byFullPipe: true)
        return false
      }
      didWrite(count)
      return true
    } catch Errno.brokenPipe {
      // The command reads no more. What it ends as says whether that was right.
      stop()
      return false
    }
  }

  private func didWrite(_ byteCount: Int) {
    writtenByteCount += byteCount
    let countBefore = writtenCount
    while writtenCount < lineEnds.count, lineEnds[writtenCount] <= writtenByteCount { writtenCount += 1 }
    pace.didWrite(lines: writtenCount - countBefore)
    if !repliesToEach, writtenCount > countBefore { finish(items.progress(upTo: writtenCount)) }
    worker.entry.cursor = items.position(of: repliesToEach ? items.finishedCount : writtenCount)
  }

  private func finish(_ progress: InputProgress) {
    worker.stepper.finish(.init(port: port, progress: progress))
    didFinish(progress)
  }

  private func didFinish(_ progress: InputProgress) {
    worker.entry.add(UInt64(progress.items), to: .itemsIn)
    worker.entry.add(UInt64(items.advance(progress)), to: .bytesIn)
  }

  // MARK: Answers

  /// What the next `count` answers finish, in one step with their publication.
  func progress(answering count: Int) -> Stepper.Input {
    let progress = items.progress(upTo: items.finishedCount + count)
    didFinish(progress)
    worker.entry.cursor = items.position(of: items.finishedCount)
    return .init(port: port, progress: progress)
  }

  /// The next item to be answered is given up, as its command says; `nil`: it is none of a queue's.
  func reject(
    because reason: String?, at place: String, by rejections: Rejections, until deadline: UInt64?
  ) -> Rejections.Outcome? {
    guard case .queue = port else { return nil }
    let progress = items.progress(upTo: items.finishedCount + 1)
    let outcome = rejections.reject(
      items.next, progress, at: place, because: reason, by: &worker.stepper, until: deadline)
    switch outcome {
    case .deadLettered, .lost:
      didFinish(progress)
      worker.entry.cursor = items.position(of: items.finishedCount)
    case .full, .timedOut: break
    }
    return outcome
  }

  // MARK: Taking

  private func takeMore() throws -> Need? {
    // A command whose answers have all come can do nothing by itself: it may be that nobody ever writes again.
    switch input.takeOrAnnounce(isWaitUnlimited: repliesToEach) {
    case .taken(let held): try encode(held)
    case .ended(let failed):
      end(failed: failed)
      return .nothing
    case .nothing: return input.sleep.map { .items($0) }
    }
    return nil
  }

  /// As far as the items can be lines: the first that can't be fails when its turn has come.
  private func encode(_ held: HeldItems) throws {
    lines.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
    (writtenByteCount, writtenCount) = (0, 0)
    items.begin(held)
    worker.entry.cursor = held.run.from
    try items.forEach { payload in
      do {
        try encoder.append(payload, to: &lines)
      } catch {
        if lineEnds.isEmpty { throw error }
        lines.removeLast(lines.count - lineEnds.last!)
        return false
      }
      lineEnds.append(lines.count)
      return true
    }
  }

  // MARK: The end

  /// Items that were written and that the command, which has ended, has not read. After `stop`, or the input's end.
  func countUnread() -> Int {
    guard remains != nil else { return 0 }
    var unread = 0
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while case .count(let count)? = try? chunk.withUnsafeMutableBytes({ try remains!.read(into: $0) }), count > 0 {
      unread += chunk[..<count].count { $0 == 0x0A }
    }
    return unread
  }

  private func end(failed: Bool) {
    inputEnd = failed ? .incomplete : .whole
    closeStandardInput()
  }

  /// Gives no more. What is not finished goes to others; or, `blaming` the item that it is at, when this process dies.
  func stop(blaming: Bool = false) {
    closeStandardInput()
    if !blaming { input.giveBack() }
    input.stopWaiting()
  }

  private func closeStandardInput() {
    guard standardInput != nil else { return }
    remains = try? standardInput?.openReadingSide()
    standardInput = nil
  }
}
