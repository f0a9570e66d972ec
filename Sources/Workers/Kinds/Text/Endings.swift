import Glibc
internal import Platform
internal import Topology

/// Does nothing for a while.
struct Sleep: Kind {
  static let signature = KindSignature(
    "sleep", "Does nothing for a while, then ends.", answers: .none,
    parameters: [.init("for", .duration, required: true, "how long")])

  private let duration: Duration

  init(_ arguments: Arguments) {
    duration = .seconds(arguments.float("for") ?? 0)
  }

  mutating func run(_ worker: Worker) throws { try worker.sleep(for: duration) }
}

/// Ends at once with an exit code.
struct Exit: Kind {
  static let signature = KindSignature(
    "exit", "Ends at once with an exit code.", answers: .none,
    parameters: [.init("code", .int(0...255), default: .int(0), "the exit code")])

  private let code: Int32

  init(_ arguments: Arguments) {
    code = Int32(arguments.int("code") ?? 0)
  }

  mutating func run(_ worker: Worker) throws {
    if code != 0 { throw KindExit(code: code) }
  }
}

/// Ends by a signal in the middle of its work, to show what the others do then.
///
/// The second number of its checkpoint counts the lives that were to crash; it is published as a life begins, so that
/// the crash itself leaves everything as it is.
struct Crash: Kind {
  static let signature = KindSignature(
    "crash", "Passes items on, then ends by a signal; for tests.", answers: .itemByItem,
    inputs: [.init("in", [], required: false, "items")],
    outputs: [.init("out", [], required: false, typeFollowsInput: "in", "the items")],
    parameters: [
      .init("signal", .signal, default: .string("SIGKILL"), "what ends it"),
      .init(
        "after", .countOrDuration, default: .int(0),
        "items that it passes on before, or how long it lives (`2s`), in each life"),
      .init("times", .int(1...Int64.max), default: .int(1), "lives that crash; a later one passes everything on"),
    ])

  private enum Limit {
    case items(Int64)
    case time(Duration)
  }

  private let signal: Int32
  private let limit: Limit
  private let lives: UInt64

  init(_ arguments: Arguments) {
    signal = Int32(arguments.int("signal") ?? Int64(SIGKILL))
    limit =
      switch arguments["after"] {
      case .float(let seconds): .time(.seconds(seconds))
      case let count: .items(count.flatMap { if case .int(let count) = $0 { count } else { nil } } ?? 0)
      }
    lives = UInt64(arguments.int("times") ?? 1)
  }

  mutating func run(_ worker: Worker) throws {
    let crashes = worker.checkpoint.1 < lives
    if crashes {
      worker.checkpoint.1 += 1
      // Publishes the checkpoint.
      try worker.sleep(for: .zero)
    }
    guard let input = worker.input("in") else {
      if case .time(let life) = limit, crashes { try worker.sleep(for: life) }
      if crashes { try crash() }
      return
    }
    let output = worker.output
    var left = Int64.max
    switch limit {
    case .items(let count): left = count
    case .time(let life): if crashes { try crash(after: life) }
    }
    while let batch = try input.next() {
      try batch.forEach { record in
        if crashes && left == 0 { try crash() }
        left -= crashes ? 1 : 0
        try output?.append(record: record, of: input.type)
      }
    }
  }

  /// Wherever it is then.
  private func crash(after life: Duration) throws {
    prepare()
    do {
      try CurrentProcess.send(signal, after: life)
    } catch {
      throw KindFailure("crash can't set its timer: \(error) (errno \(error.rawValue))")
    }
  }

  private func crash() throws {
    prepare()
    kill(getpid(), signal)
    throw KindFailure("signal \(signal) does not end a process; choose one that does, such as SIGKILL")
  }

  /// The signal ends it, and leaves no core.
  private func prepare() {
    CurrentProcess.leaveNoCore()
    Glibc.signal(signal, SIG_DFL)
    var all = sigset_t()
    sigfillset(&all)
    sigprocmask(SIG_UNBLOCK, &all, nil)
  }
}
