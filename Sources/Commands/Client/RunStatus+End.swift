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
  private static let millisecondsToEnd: Int32 = 2000

  /// How it ended is written: before its supervisor lets go of whoever waits for an answer; of one that was killed, soon
  /// after.
  var isOver: Bool {
    if hasOutcome { return true }
    guard supervisorHasEnded else { return hasOutcome }
    for _ in 0..<Self.millisecondsToOutcome {
      if hasOutcome { return true }
      usleep(1000)
    }
    return hasOutcome
  }

  /// One that is killed closes its connections some time before it is no more.
  private var supervisorHasEnded: Bool {
    guard let handle = ProcessHandle(pid), supervisor != nil else { return true }
    return handle.hasEnded(within: Self.millisecondsToEnd)
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
