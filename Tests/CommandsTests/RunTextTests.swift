import Platform
import Supervisor
import Testing
import Text

@testable import Commands

@Suite struct ProgressTextTests {
  private func instance(
    _ process: String, _ replica: Int, _ state: InstanceStatus.State, done: UInt64? = nil, rate: Double? = nil
  ) -> InstanceStatus {
    var status = InstanceStatus(name: "\(process)-\(replica)", process: process, replica: replica, state: state)
    status.progress = done.map { .init(done: $0, total: 100) }
    status.rate = rate
    return status
  }

  @Test func addsUpTheInstancesOfAProcess() {
    let instances = [
      instance("read", 1, .running, done: 20, rate: 1000), instance("read", 2, .running, done: 60, rate: 500),
      instance("count", 1, .succeeded, done: 100), instance("top", 1, .failed),
    ]
    #expect(
      ProgressText.render(instances, elapsedSeconds: 12.34, width: 80)
        == "12.3s  2 running, 1 done, 1 failed  read 40% 1.5k/s")
  }

  @Test func leavesTheLastColumnOfTheTerminalFree() {
    let instances = [instance("read", 1, .running, done: 20, rate: 1000)]
    #expect(ProgressText.render(instances, elapsedSeconds: 1, width: 20) == "1.00s  1 running  …")
  }
}

@Suite struct UpReportTests {
  private func summary(_ name: String, _ state: InstanceStatus.State) -> InstanceSummary {
    InstanceSummary(name: name, process: "p", replica: 1, state: state)
  }

  @Test func saysOneLineForEachInstanceThatFailed() {
    var exited = summary("p-1", .failed)
    exited.exit = 3
    var killed = summary("p-2", .failed)
    killed.signal = 9
    var told = summary("p-3", .neverStarted)
    told.reason = "it depends on 'p', which failed"
    let result = RunResult(exitCode: 1, instances: [exited, killed, told, summary("q-1", .succeeded)], killed: [])
    #expect(
      UpReport(result: result).failures() == """
        mporch: p-1 failed: exited with code 3
        mporch: p-2 failed: was ended by signal 9 (SIGKILL)
        mporch: p-3 did not start: it depends on 'p', which failed

        """)
  }

  @Test func writesALineOfJSONForEachInstance() throws {
    let result = RunResult(exitCode: 0, instances: [summary("p-1", .succeeded), summary("p-2", .stopped)], killed: [])
    let lines = try UpReport(result: result).summary(.json, width: nil).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0].hasPrefix(#"{"bytesIn":0,"bytesOut":0,"cpuSeconds":0,"exit":null,"in":0,"lost":null,"name":"p-1""#))
  }
}

@Suite struct StatusRenderingTests {
  @Test func showsUnknownAsADashAndNull() throws {
    let status = InstanceStatus(name: "count-1", process: "count", replica: 1, state: .pending)
    #expect(
      StatusTable.render([status], width: nil) == """
        NAME     PID  STATE    HEALTH  RESTARTS  EXIT  CPU  RSS  IN  OUT  RATE  PROGRESS  WAITING-ON
        count-1    -  pending  -              0     -    -    -   0    0     -         -  -

        """)
    let json = JSONOutput.line(StatusRecord(status))
    #expect(json.contains(#""pid":null"#) && json.contains(#""waitingOn":null"#) && json.contains(#""in":0"#))
  }

  @Test func writesEventsAsFlatJSON() throws {
    let event = Event(
      time: 0, kind: .exited(instance: "count-2", ending: .signalled(9), willRestartAfterSeconds: 0.1))
    #expect(
      JSONOutput.line(EventRecord(event))
        == #"{"event":"exited","name":"count-2","restartSeconds":0.1,"signal":9,"time":"1970-01-01T00:00:00.000000000Z"}"#
        + "\n")
  }
}

@Suite struct SignalNameTests {
  @Test(arguments: ["KILL", "SIGKILL", "sigkill", "9"])
  func takesNamesAndNumbers(text: String) throws { #expect(try SignalName.parse(text) == 9) }

  @Test func suggestsTheNearestName() {
    let failure = #expect(throws: CommandFailure.self) { try SignalName.parse("TREM") }
    #expect(failure?.status == .usage)
    #expect(failure?.help == "did you mean 'SIGTERM'?")
  }
}
