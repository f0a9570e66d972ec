import Glibc
import Platform
import Supervisor

extension RunStatus {
  private static let pauseMicroseconds: UInt32 = 500

  /// Returns once the supervisor, which has said that its run is over, is no more: it has nothing left to do but to exit.
  func awaitSupervisorEnd() {
    while let process = supervisor, !process.isZombie { usleep(Self.pauseMicroseconds) }
  }

  /// How long a warden may take to end what a killed supervisor has left, and to write how the run ended.
  private static let millisecondsToOutcome = 15_000

  /// How it ended is written: before its supervisor lets go of whoever waits for an answer; of one that was killed, soon
  /// after.
  var isOver: Bool {
    for _ in 0..<Self.millisecondsToOutcome {
      if hasOutcome { return true }
      if let supervisor, !supervisor.isZombie { return false }
      usleep(1000)
    }
    return hasOutcome
  }

  private var hasOutcome: Bool { (try? RunOutcome(ofProject: project))?.status == self }

  /// By SIGSTOP, or a debugger: it answers nobody.
  var isSuspended: Bool { supervisor?.isStopped == true }

  /// Lets a suspended supervisor go on.
  func resume() {
    if let process = ProcessHandle(pid), isSuspended { process.send(SIGCONT) }
  }

  private var supervisor: ProcessStatistics? {
    ProcessStatistics(of: pid).flatMap { $0.startTicks == startTicks ? $0 : nil }
  }
}
