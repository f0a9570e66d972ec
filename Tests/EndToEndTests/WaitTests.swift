import Glibc
import Testing

/// `up --wait`: what counts as up, and what is told at once.
@Suite(.serialized) struct WaitTests {
  private func up(_ world: World, _ text: String, _ arguments: String...) throws -> Child.Outcome {
    let file = try world.write("w.yaml", text)
    let outcome = try world.shell("$MPORCH up --wait \(arguments.joined(separator: " ")) '\(file)'", within: 60)
    _ = try world.run("down", "-p", "w")
    return outcome
  }

  /// Seen to fail: one that has ended is not up.
  @Test func aSuccessOfAOneShotIsSuccess() throws {
    try World.with { world in
      let outcome = try up(world, "processes: {a: {script: 'print(1)'}, b: {task: exit, with: {code: 0}}}")
      #expect(outcome.status == 0 && outcome.errors.contains("'w' is up"), "\(outcome.errors)")
    }
  }

  /// Broken for a trial: a process was taken for ready once it had started; a failure was told when all others were ready.
  @Test func oneThatFailsAMomentLaterIsAFailureToldAtOnceWithItsLastWords() throws {
    try World.with { world in
      let outcome = try up(
        world,
        """
        processes:
          slow: {script: sleep(3600), healthcheck: {test: [false], interval: 1h}}
          soon: {script: 'print("my last words") sleep(0.2) exit(3)'}
          next: {script: 'print(1)', depends_on: {soon: {condition: completed_successfully}}}
        """)
      #expect(outcome.status == 1 && outcome.errors.contains("soon-1  | my last words"), "\(outcome.errors)")
      #expect(outcome.errors.contains("error: process 'soon-1' exited with code 3"))
      #expect(outcome.errors.contains("'w' has not come up: soon-1 has failed, next-1 never started"))
    }
  }

  /// Broken for a trial: one that waits for its restart was taken for ready.
  @Test func oneThatCrashesAgainAndAgainIsNotReady() throws {
    try World.with { world in
      let outcome = try up(
        world, "processes: {loop: {script: 'sleep(0.3) exit(1)', restart: always, restart_delay: 10ms}}",
        "--wait-timeout", "3s")
      #expect(outcome.status == 1 && outcome.errors.contains("'w' has not come up: loop-1 "), "\(outcome.errors)")
    }
  }

  /// Seen to fail: a tenth of the time.
  @Test func aWaitIsBoundedIfAskedFor() throws {
    try World.with { world in
      let begin = ContinuousClock.now
      let outcome = try up(
        world,
        """
        processes:
          db: {script: sleep(3600), ready_log_line: never}
          web: {script: sleep(3600), depends_on: {db: {condition: healthy}}}
        """, "--wait-timeout", "500ms")
      #expect(outcome.status == 1 && ContinuousClock.now - begin >= .milliseconds(500))
      let words = "'w' has not come up: db-1 is not healthy yet, web-1 waits for what it depends on"
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(try world.run("up", "--wait-timeout", "1s").status == 64)
    }
  }

  /// Seen to fail: the command returned once the change had taken effect.
  @Test func ofAProjectThatRunsAlreadyToo() throws {
    try World.with { world in
      func file(_ ready: String) throws -> String {
        try world.write(
          "w.yaml",
          """
          processes:
            same: {task: sleep, with: {for: 1h}}
            web:
              run: 'sleep 0.5; touch \(world.folder)/\(ready); sleep 1000'
              healthcheck: {test: 'test -e \(world.folder)/\(ready)', interval: 100ms, retries: 1000}
          """)
      }
      #expect(try world.run("up", "-d", try file("first")).status == 0)
      let changed = try world.run("up", "--wait", try file("second"))
      #expect(changed.status == 0 && changed.errors.contains("'w' is up"), "\(changed.errors)")
      #expect(access("\(world.folder)/second", F_OK) == 0)
      let late = try world.run("up", "--wait", "--wait-timeout", "200ms", try file("third/never"))
      #expect(
        late.status == 1 && late.errors.contains("'w' has not come up: web-1 is not healthy yet"), "\(late.errors)")
      let failed = try world.write("w.yaml", "processes: {same: {task: sleep, with: {for: 1h}}, web: {run: 'exit 3'}}")
      let outcome = try world.run("up", "--wait", failed)
      #expect(
        outcome.status == 1 && outcome.errors.contains("'w' has not come up: web-1 has failed"), "\(outcome.errors)")
      #expect(try world.run("down", "-p", "w").status == 0)
    }
  }
}
