import ArgumentParser
import Testing

@testable import Commands

@Suite struct ArgumentTests {
  @Test func suggestsTheNearestCommand() {
    let failure = #expect(throws: CommandFailure.self) { try CommandNames.check(["pss"]) }
    #expect(failure?.status == .usage)
    #expect(failure?.help == "did you mean 'mporch ps'?")
  }

  @Test(arguments: [[], ["up", "x.yaml"], ["help", "up"], ["--version"], ["help"]])
  func passesKnownCommands(arguments: [String]) throws { try CommandNames.check(arguments) }

  @Test func parsesAllOptionsOfUp() throws {
    let command = try #require(
      Mporch.parseAsRoot([
        "up", "-f", "a.yaml", "-f", "b.yaml", "--scale", "count=8", "--timeout", "1m30s", "--summary", "json",
        "--attach",
        "count", "--no-log-prefix", "--timestamps", "--profile", "debug", "--env-file", "e", "-p", "name",
      ]) as? UpCommand)
    #expect(command.topology.files == ["a.yaml", "b.yaml"])
    #expect(command.scale == [Scale(process: "count", count: 8)])
    #expect(command.timeout == DurationArgument(seconds: 90))
    #expect(command.summary == .json)
  }

  @Test(arguments: [("2", 2.0), ("0.5", 0.5), ("250ms", 0.25), ("2h", 7200)])
  func takesSecondsAndDurations(text: String, seconds: Double) throws {
    #expect(try DurationArgument.parse(text) == DurationArgument(seconds: seconds))
  }

  @Test(arguments: ["-1", "nan", "", "3 parsecs"])
  func refusesWhatIsNoDuration(text: String) {
    #expect(throws: ValidationError.self) { try DurationArgument.parse(text) }
  }

  @Test(arguments: ["count", "count=", "=3", "count=0", "count=x"])
  func refusesWhatScalesNothing(text: String) { #expect(throws: ValidationError.self) { try Scale.parse(text) } }

  @Test func readsFollowFromTheShortFlagOfLogs() throws {
    let command = try #require(Mporch.parseAsRoot(["logs", "-f", "count", "--file", "a.yaml"]) as? LogsCommand)
    #expect(command.follow)
    #expect(command.processes == ["count"])
    #expect(command.files == ["a.yaml"])
  }
}

@Suite struct LogFilterTests {
  private let known = ["count-1", "count-2", "top-1", "mporch"]

  @Test func takesAProcessForAllItsInstances() throws {
    let filter = try LogFilter(["count"], known: known)
    #expect(known.filter(filter.includes) == ["count-1", "count-2"])
  }

  @Test func takesAllWithoutNames() throws {
    #expect(try known.filter(LogFilter([], known: known).includes) == known)
  }

  @Test func suggestsTheNearestName() {
    let failure = #expect(throws: CommandFailure.self) { try LogFilter(["cuont"], known: known) }
    #expect(failure?.help == "did you mean 'count'?")
  }
}
