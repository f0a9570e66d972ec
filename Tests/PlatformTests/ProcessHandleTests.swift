import Glibc
import Testing

@testable import Platform

@Suite struct ProcessHandleTests {
  private func spawn(_ words: String..., environment: [String] = [], leadsSession: Bool = false) throws -> pid_t {
    var pid: pid_t = 0
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    if leadsSession { posix_spawnattr_setflags(&attributes, 0x80 /* POSIX_SPAWN_SETSID */) }
    let argv = words.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer {
      (argv + envp).forEach { free($0) }
      posix_spawnattr_destroy(&attributes)
    }
    try #require(posix_spawn(&pid, words[0], nil, &attributes, argv, envp) == 0)
    return pid
  }

  @Test func itSignalsTheOneAndSeesItsEnd() throws {
    let pid = try spawn("/bin/sleep", "1000")
    guard let process = ProcessHandle(pid) else {
      Issue.record("no handle of a child")
      return
    }
    let before = process.hasEnded(within: 0)
    process.send(SIGKILL)
    let after = process.hasEnded(within: 10_000)
    waitpid(pid, nil, 0)
    // Its number is free, and whoever has it next is not meant.
    process.send(SIGKILL)
    let reaped = process.hasEnded(within: 0)
    #expect(!before && after && reaped)
  }

  /// A session whose number was another's before. Seen to fail: whoever is in a session of such a number is killed.
  @Test func whoHasTheNumberOfADeadLeaderIsNoStraggler() throws {
    let stranger = try spawn("/bin/sleep", "1000", environment: ["MPORCH_TEST=other"], leadsSession: true)
    // In a session of its own, all of which is ended.
    let mine = try spawn("/bin/sleep", "1000", environment: ["MPORCH_TEST=mine"], leadsSession: true)
    defer {
      kill(stranger, SIGKILL)
      waitpid(stranger, nil, 0)
      waitpid(mine, nil, 0)
    }
    var stragglers = Stragglers(variable: "MPORCH_TEST", value: "mine", leaders: [stranger])
    stragglers.end()
    #expect(ProcessStatistics(of: stranger)?.isZombie == false)
    #expect(ProcessStatistics(of: mine)?.isZombie == true)
  }
}
