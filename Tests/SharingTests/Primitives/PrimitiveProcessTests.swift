import Glibc
import Testing

/// What takes several processes, deaths among them: `Tests/SharingPeer` says what each scenario does and checks.
@Suite(.serialized) struct PrimitiveProcessTests {
  // Seen to fail: with the "recovered" mark left out; with the dead holder's lock not freed.
  @Test func lockOfAKilledHolderGoesToASleeper() throws { try run("locks") }

  // Seen to fail: with nobody woken by a release; with those that sleep still forgotten by the next holder.
  @Test func releasedLockGoesFromSleeperToSleeper() throws { try run("handover") }

  // Seen to fail: with the wake-up after the repair left out; with the count not returned.
  @Test func countsOfAKilledTakerGoToSleepers() throws { try run("semaphores") }

  // Seen to fail: with one more notified than asked for; with dead waiters left in.
  @Test func notificationWakesExactlySoManyOfTheLiving() throws { try run("conditions") }

  // Seen to fail with the waiter marked as back before it has the lock.
  @Test func notifiedWaiterThatDiesPassesItsWakeUpOn() throws { try run("notifiedDies") }

  // Seen to fail with what became of the lock not looked at.
  @Test func waiterIsToldThatTheLocksHolderDied() throws { try run("recoveredWait") }

  // Seen to fail: with the generation not looked at; with the sleepers not woken.
  @Test func eventSetAndClearedAtOnceLetsAllPass() throws { try run("events") }

  // Seen to fail: with one party fewer waited for; with the sleepers' word not changed by a wake-up.
  @Test func fivePartiesPassAThousandTimesInLockstep() throws { try run("lockstep") }

  // Seen to fail with the wake-up of each left out.
  @Test func abortTimeOutAndResetReachWhoSleeps() throws { try run("barrierBreaks") }

  // Seen to fail: with the dead still counted as come; with the end for good not told.
  @Test func deadPartyIsWaitedForUnlessItEndedForGood() throws { try run("barrierDeaths") }

  // Seen to fail: with the uncommitted parts not forgotten; with a dead taker's count returned and still held.
  @Test func killsAtRandomLeaveEveryPrimitiveWhole() throws { try run("kills") }

  // Seen to fail: with a look's answer worked out before it was seen that what was copied is whole; with a pipe's tail
  // loaded twice; with a wait's epoch told once; with durable state in one copy.
  @Test func whatIsLookedAtWithoutALockIsOfOneInstant() throws { try run("looks") }

  // Seen to fail: with who leaves not asked for in the commit that takes it out; with a completion that is counted twice.
  @Test func instancesThatEndDieAndLeaveGiveOneWholeAnswer() throws { try run("answers") }

  // Seen to fail without the second look at the queue's head.
  @Test func aTapShowsNoItemThatIsNone() throws { try run("taps") }

  /// The scenario has a watchdog of its own.
  private func run(_ scenario: String) throws {
    var template = Array("/tmp/mporch-peers-XXXXXX".utf8CString)
    let output = mkstemp(&template)
    try #require(output >= 0)
    unlink(template)
    defer { close(output) }
    let status = try spawn(try folderOfThisProgram() + "/SharingPeer", scenario, output: output)
    #expect(status == 0, "\(text(of: output))")
  }

  private func spawn(_ program: String, _ scenario: String, output: Int32) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 1...2 as ClosedRange<Int32> { posix_spawn_file_actions_adddup2(&actions, output, descriptor) }
    let arguments = [strdup(program), strdup(scenario), nil]
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    try #require(posix_spawn(&pid, program, &actions, nil, arguments, environ) == 0, "cannot start \(program)")
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { try #require(errno == EINTR) }
    return status
  }

  /// The peer is built beside the tests.
  private func folderOfThisProgram() throws -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count)
    try #require(length > 0)
    let bytes = path[..<length].map(UInt8.init(bitPattern:))
    return String(decoding: bytes[..<bytes.lastIndex(of: UInt8(ascii: "/"))!], as: UTF8.self)
  }

  private func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return String(decoding: bytes[..<max(0, pread(descriptor, &bytes, bytes.count, 0))], as: UTF8.self)
  }
}
