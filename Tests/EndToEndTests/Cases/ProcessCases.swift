import Glibc
import Testing

/// What must hold for processes, whatever they do.
@Suite(.serialized) struct ProcessCases {
  /// Seen to fail where a death is taken without its signal.
  @Test func ofAHundredSleepersKilledAtOnceEachEndsWithTheSignal() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml", "processes: {sleeper: {task: sleep, replicas: 100, with: {for: 1h}}}")
      let child = try world.start("up", "--no-log-prefix", file)
      var pids: [pid_t] = []
      let allRun = poll(within: 60) {
        pids = (try? world.run("ps", "-p", "nap", "--format", "json")).map { Self.pids(in: $0.text) } ?? []
        return pids.count == 100
      }
      #expect(allRun, "\(pids.count) run")
      for pid in pids { kill(pid, SIGKILL) }
      let outcome = try child.wait(within: 60)
      #expect(outcome.status == 1)
      let lines = outcome.errors.split(separator: "\n").filter { $0.contains("was ended by signal 9") }
      #expect(
        lines.count == 100 && Set(lines.compactMap { Self.quoted($0) }).count == 100, "\(outcome.errors.prefix(2000))")
    }
  }

  /// The supervisor's children are those that live, and its warden. Seen to fail where a signal is taken for one
  /// death, and others have died by then.
  @Test func noDeathLeavesAZombie() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        processes:
          stays: {task: sleep, with: {for: 1h}}
          dies: {task: sleep, replicas: 30, with: {for: 1h}}
        """)
      #expect(try world.run("up", "-d", file).status == 0)
      let staying = try #require(try pid(of: "stays", in: world))
      let supervisor = try #require(parent(of: staying))
      func children() -> [pid_t] {
        readText("/proc/\(supervisor)/task/\(supervisor)/children").split(separator: " ").compactMap { pid_t($0) }
      }
      #expect(poll(within: 60) { children().count == 32 })
      let pids = Self.pids(in: try world.run("ps", "-p", "nap", "--format", "json").text)
      for pid in pids where pid != staying { kill(pid, SIGKILL) }
      #expect(poll(within: 20) { children().count == 2 }, "\(children().map { readText("/proc/\($0)/stat") })")
      #expect(try world.run("down", "-p", "nap").status == 0)
    }
  }

  private static func pids(in json: String) -> [pid_t] {
    json.split(separator: "\"pid\" : ").dropFirst().compactMap { pid_t($0.prefix { $0.isNumber }) }.filter { $0 > 1 }
  }

  private static func quoted(_ line: Substring) -> Substring? {
    line.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false).dropFirst().first
  }

  #if Lua
    /// No sibling can hold up the end of a stream. Seen to fail where a child keeps what the supervisor has open.
    @Test func aWorkerHasNoDescriptorButItsOwn() throws {
      let outcome = try World.run(
        topology: """
          queues: [numbers]
          processes:
            beside: {task: range, with: {stop: 3}, out: numbers}
            looks:
              script: |
                for x in input:items() do end
                local open = {}
                for name in io.popen("ls -l /proc/" .. process.pid .. "/fd"):lines() do
                  local number, target = name:match("(%d+) %-> (.*)")
                  if number and not target:match("^pipe:") then open[#open + 1] = number .. " " .. target end
                  if number and tonumber(number) > 3 then open[#open + 1] = "more: " .. name end
                end
                print(table.concat(open, ", "))
              in: numbers
          """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      // Three streams; the fourth is the script's own pipe to `ls`.
      #expect(outcome.lines == ["0 /dev/null"], "\(outcome.text)")
    }
  #endif
}
