import Glibc
import Platform
import SystemPackage

/// A small process that gives a terminal back if its owner can't any more: killed by SIGKILL, or by a mistake of its
/// own. It sleeps in a read of a pipe whose other end only the owner has.
struct TerminalGuardian: ~Copyable {
  /// What is to be given back, and how.
  struct Charge {
    var terminal: Int32
    /// Before its owner took it.
    var before: TerminalMode
    /// While its owner has it.
    var meanwhile: TerminalMode
    /// Ends what the owner has changed about the screen.
    var farewell: [UInt8]

    /// Leaves a mode alone that someone else has set since: a shell that is back already.
    func carryOut() {
      _ = try? FileDescriptor(rawValue: terminal).writeAll(farewell)
      if let now = try? TerminalMode(of: terminal), now == meanwhile { try? before.apply(to: terminal) }
    }
  }

  private let pid: Int32
  private let leash: Descriptor

  init(_ charge: Charge) throws(Errno) {
    let pipe = try Pipe()
    guard let child = try ChildProcess.fork() else { Self.watch(pipe.takeReading().release(), charge) }
    leash = pipe.takeWriting()
    pid = child
  }

  /// To be polled: an error says that this guardian is gone.
  var descriptor: Int32 { leash.number }

  /// The terminal was given back, or needs another one to watch over it.
  consuming func dismiss() {
    kill(pid, SIGKILL)
    ChildProcess.reap(pid)
  }

  /// In a session of its own, so that no key and no signal to its owner's group reaches it, and the terminal lets it
  /// change what the next foreground process owns by then.
  private static func watch(_ leash: Int32, _ charge: Charge) -> Never {
    var charge = charge
    guard let terminal = try? Descriptor.duplicate(of: charge.terminal, atLeast: 3) else { _exit(1) }
    charge.terminal = terminal.number
    // A name of its own: who kills mporch by name leaves it to do its work.
    CurrentProcess.standBy(as: "terminal-guard", keeping: leash, terminal.number)
    Descriptor(owning: leash).awaitEnd()
    charge.carryOut()
    _exit(0)
  }
}
