internal import CPlatform
internal import Glibc
package import SystemPackage

/// What the supervisor wants of the process that stands above a command. It comes with a signal that nothing else uses,
/// so that no number of a process has to travel, and each signal that comes otherwise is the command's.
package enum CommandOrder: Equatable, Sendable {
  /// The command is to end. `drains`: it is given no more, and may answer what it has before it gets the stop signal.
  /// Who is left when `gracePeriod` is over is killed by the supervisor.
  case stop(drains: Bool, gracePeriod: Duration)
  /// The command, and not what it has started, is to get this signal.
  case send(Int32)
  /// Nobody may be left who reads what the command prints: to be looked at.
  case lookForReaders

  /// By which they come.
  package static let signal = mporch_order_signal()

  private enum Code: UInt64 { case stop = 1, drain, send, lookForReaders }

  /// The code, and above it the signal or the milliseconds.
  private var word: UInt64 {
    switch self {
    case .stop(let drains, let gracePeriod):
      Self.word(drains ? .drain : .stop, UInt64(max(0, (gracePeriod / .milliseconds(1)).rounded())))
    case .send(let signal): Self.word(.send, UInt64(clamping: signal))
    case .lookForReaders: Self.word(.lookForReaders, 0)
    }
  }

  private static func word(_ code: Code, _ amount: UInt64) -> UInt64 { code.rawValue | min(amount, 1 << 48) << 8 }

  fileprivate init?(word: UInt64) {
    let amount = word >> 8
    switch Code(rawValue: word & 0xFF) {
    case .stop: self = .stop(drains: false, gracePeriod: .milliseconds(amount))
    case .drain: self = .stop(drains: true, gracePeriod: .milliseconds(amount))
    case .send: self = .send(Int32(clamping: amount))
    case .lookForReaders: self = .lookForReaders
    case nil: return nil
    }
  }

  /// To a child that has not been reaped.
  package func send(to pid: Int32) throws(Errno) {
    let word = word
    try shim { mporch_send_order(pid, word) }
  }
}

extension SignalDescriptor {
  package enum Arrival: Equatable {
    case signal(Int32)
    case order(CommandOrder)
  }

  /// The next one that has arrived; orders are taken from the parent alone.
  package func nextArrival() -> Arrival? {
    var arrival = mporch_arrival()
    while mporch_next_arrival(number, &arrival) == 1 {
      guard arrival.signal == CommandOrder.signal else { return .signal(arrival.signal) }
      if arrival.sender == getppid(), let order = CommandOrder(word: arrival.order) { return .order(order) }
    }
    return nil
  }
}
