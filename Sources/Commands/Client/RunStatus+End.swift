import Glibc
import Platform
import Supervisor

extension RunStatus {
  private static let pauseMicroseconds: UInt32 = 500

  /// Returns once the supervisor, which has said that its run is over, is no more: it has nothing left to do but to exit.
  func awaitSupervisorEnd() {
    while let process = ProcessStatistics(of: pid), process.startTicks == startTicks, !process.isZombie {
      usleep(Self.pauseMicroseconds)
    }
  }
}
