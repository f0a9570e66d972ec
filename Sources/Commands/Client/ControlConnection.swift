import Glibc
import Platform
import Supervisor
import SystemPackage
import Text

/// The connection of one command to the control socket of a run.
final class ControlConnection {
  private static let bufferByteCount = 64 << 10

  private let socket: Descriptor
  private let run: RunStatus
  private var received = IncomingLines()

  /// `socket`: connected to the control socket of `run`.
  init(_ socket: consuming Descriptor, to run: RunStatus) {
    self.socket = socket
    self.run = run
  }

  /// Readable when a reply, or the end of the run, is there.
  var descriptor: Int32 { socket.number }

  /// Asks, and waits for the answer. A refusal is thrown.
  func ask(_ request: ControlRequest) throws -> ControlReply {
    try send(request)
    guard let reply = try next() else { throw lost() }
    return reply
  }

  /// As `ask`; `nil`: the run has ended before it answered.
  func askUnlessOver(_ request: ControlRequest) throws -> ControlReply? {
    do {
      return try ask(request)
    } catch {
      if run.isOver { return nil }
      throw error
    }
  }

  func send(_ request: ControlRequest) throws { try send(line: WireCoding.encode(request)) }

  /// Once a courier answers.
  func send(_ message: CourierMessage) throws {
    let line = WireCoding.encode(message)
    guard line.count < CourierMessage.maxByteCount else {
      throw CommandFailure(
        "an item that is \(Quantity.bytes(UInt64(line.count))) as JSON can't be put: \(Quantity.bytes(UInt64(CourierMessage.maxByteCount))) is the most",
        help: "put it in parts")
    }
    try send(line: line)
  }

  private func send(line: [UInt8]) throws {
    do {
      try FileDescriptor(rawValue: descriptor).writeAll(line + [UInt8(ascii: "\n")])
    } catch {
      throw lost()
    }
  }

  /// The next reply; `nil` once the supervisor has closed the connection. A refusal is thrown.
  func next() throws -> ControlReply? {
    while true {
      if let line = received.next() {
        let reply = try WireCoding.decode(ControlReply.self, from: line)
        if case .refused(let refusal) = reply { throw CommandFailure(refusal) }
        return reply
      }
      guard try receive() else { return nil }
    }
  }

  /// As above; `nil` also once nobody reads what is shown, which is not to be found out by the next reply only.
  func next(while output: OutputStream) throws -> ControlReply? {
    while !hasReply {
      guard output.waitForInput(on: [descriptor]), !output.isBroken else { return nil }
      if try !receive() { break }
    }
    return try next()
  }

  /// Whether `next` need not wait.
  var hasReply: Bool { received.hasNext() }

  /// Whether something came: a reply, or the end.
  var isReadable: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
  }

  /// Takes in what has come, or waits for it; false: the supervisor has closed the connection.
  func receive() throws -> Bool {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferByteCount, alignment: 16)
    defer { chunk.deallocate() }
    do {
      let byteCount = try FileDescriptor(rawValue: descriptor).read(into: chunk)
      received.append(UnsafeRawBufferPointer(rebasing: chunk[..<byteCount]))
      return byteCount > 0
    } catch Errno.connectionReset {
      return false
    }
  }

  func lost() -> CommandFailure {
    if run.isOver, let outcome = try? RunOutcome(ofProject: run.project) {
      return CommandFailure(
        OutcomeText.heading(outcome), help: "'mporch logs -p \(run.project)' shows what was printed")
    }
    return CommandFailure("the supervisor of '\(run.project)' (process \(run.pid)) has gone without an answer")
  }
}

extension CommandFailure {
  init(_ refusal: Refusal) {
    self.init(ExitStatus(code: refusal.exitCode), refusal.message, help: refusal.help)
  }
}
