import ArgumentParser
import Supervisor
import SystemPackage
import Text

struct PutCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Put items into an external queue of a run.",
    discussion: """
      An item is JSON if it parses as that, else text; with --raw always text. In a queue of strings what is no JSON \
      string is text. '-' puts each line of the standard input as it comes. Waits for room as the queue's on_full says. \
      Only a queue that the file declares 'external: true' can be put to.

      Examples:
        mporch put jobs hello
        mporch put jobs '{"id": 1}' '[1, 2, 3]' 42
        cat jobs.jsonl | mporch put jobs -
        mporch put jobs --raw 42
      """)

  @Argument(help: "A queue.", completion: .custom { _, _, _ in RunCompletion.resources() })
  var queue: String

  // A negative number looks like an option.
  @Argument(
    parsing: .allUnrecognized, help: ArgumentHelp("What to put; '-': the lines of standard input.", valueName: "item"))
  var items: [String]

  @Flag(help: "Every item is text, whatever it looks like.")
  var raw = false

  @Option(
    help: ArgumentHelp("The longest wait for room; 0: none.", valueName: "duration"),
    transform: DurationArgument.parse)
  var timeout: DurationArgument?

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let items = try DashedArguments.words(items)
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    guard case .ready = try connection.ask(.put(resource: queue, patienceSeconds: timeout?.seconds)) else {
      throw CommandFailure.unexpectedReply
    }
    var session = PutSession(queue: queue, connection: connection)
    for item in items {
      if item == "-" {
        try putStandardInput(&session)
      } else {
        try session.put([PutItem(text: item, bytes: nil, isRaw: raw)])
      }
    }
    guard session.droppedCount == 0 else {
      throw CommandFailure(
        "\(session.droppedCount) of \(session.droppedCount + session.putCount) items were dropped: '\(queue)' had no "
          + "room for them, and its on_full is drop_new")
    }
    return .success
  }

  private func putStandardInput(_ session: inout PutSession) throws {
    var lines = LineReader(.standardInput)
    while let batch = lines.next() {
      try session.put(
        batch.map { line in
          let text = String(validating: line, as: UTF8.self)
          return PutItem(text: text, bytes: text == nil ? WireCoding.base64(line) : nil, isRaw: raw)
        })
    }
  }
}

/// Lines of a stream as they come: all that are there at once, so that a slow writer's lines do not wait.
struct LineReader {
  private static let byteCountAtOnce = 32 << 10

  private let descriptor: FileDescriptor
  private var received = IncomingLines()
  private var isAtEnd = false

  init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  /// Without their newlines; the last one may have none. `nil`: there are no more.
  mutating func next() -> [[UInt8]]? {
    while !isAtEnd {
      read()
      var lines: [[UInt8]] = []
      while let line = received.next() { lines.append(line) }
      if !lines.isEmpty { return lines }
    }
    return received.byteCount > 0 ? [received.rest()] : nil
  }

  private mutating func read() {
    withUnsafeTemporaryAllocation(byteCount: Self.byteCountAtOnce, alignment: 16) { bytes in
      let count = (try? descriptor.read(into: bytes)) ?? 0
      isAtEnd = count == 0
      received.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }
}

/// What was put so far, for what is said when no more can be.
struct PutSession {
  let queue: String
  let connection: ControlConnection
  private(set) var putCount = 0
  private(set) var droppedCount = 0

  init(queue: String, connection: ControlConnection) {
    self.queue = queue
    self.connection = connection
  }

  mutating func put(_ items: [PutItem]) throws {
    try connection.send(CourierMessage.put(items))
    var answered = 0
    do {
      while answered < items.count {
        switch try connection.next() {
        case .put(let count, let dropped)?:
          putCount += count
          droppedCount += dropped
          answered += count + dropped
        case .finished(let end)?: throw failure(end)
        case nil: throw connection.lost()
        default: throw CommandFailure.unexpectedReply
        }
      }
    } catch let failure as CommandFailure where putCount > 0 {
      let count = putCount == 1 ? "1 item was put" : "\(putCount) items were put"
      throw CommandFailure(failure.status, failure.message + "; \(count) before", help: failure.help)
    }
  }

  private func failure(_ end: AccessEnd) -> CommandFailure {
    switch end {
    case .runEnded: CommandFailure("the run has ended: nothing can be put into '\(queue)'")
    case .closed: CommandFailure("'\(queue)' is closed")
    case .timedOut, .done: CommandFailure("'\(queue)' is full, and no room came in time")
    }
  }
}
