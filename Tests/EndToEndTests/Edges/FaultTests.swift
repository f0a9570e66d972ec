import Glibc
import Testing

/// The system refuses the supervisor something, at any of its calls: the run goes on, or ends and says of what.
///
/// `Tests/Faults/faults.c` is preloaded and makes one call fail. As many calls of each sort are tried as `MPORCH_FAULTS`
/// says (all: 1000), one after the other until there is no such call; here a few.
@Suite(.serialized) struct FaultTests {
  /// A function, and what it may answer.
  struct Fault: Sendable, CustomTestStringConvertible {
    var call: String
    var name: String
    var errno: Int32
    /// From the call on, all of them: the state of a system that does not get better.
    var isLasting = false

    var testDescription: String { "\(call) \(name)\(isLasting ? " from then on" : "")" }
  }

  private static let faults: [Fault] =
    [("pipe2", "EMFILE", EMFILE), ("openat", "EMFILE", EMFILE), ("open", "EMFILE", EMFILE), ("fork", "EAGAIN", EAGAIN)]
    .flatMap { call, name, errno in
      [Fault(call: call, name: name, errno: errno), Fault(call: call, name: name, errno: errno, isLasting: true)]
    }
    + [
      ("openat", "ENOSPC", ENOSPC), ("openat", "EINTR", EINTR), ("read", "EINTR", EINTR), ("write", "EINTR", EINTR),
      ("write", "ENOSPC", ENOSPC), ("write", "EFBIG", EFBIG), ("writev", "EPIPE", EPIPE), ("writev", "EAGAIN", EAGAIN),
      ("epoll_ctl", "ENOMEM", ENOMEM), ("epoll_wait", "EINTR", EINTR), ("waitid", "EINTR", EINTR),
      ("wait4", "EINTR", EINTR),
      ("mmap", "ENOMEM", ENOMEM), ("fstat", "ENOMEM", ENOMEM), ("mkdirat", "ENOSPC", ENOSPC),
      ("renameat", "ENOSPC", ENOSPC),
      ("socket", "EMFILE", EMFILE), ("bind", "ENOSPC", ENOSPC), ("accept4", "EMFILE", EMFILE),
      ("epoll_create1", "EMFILE", EMFILE), ("signalfd", "EMFILE", EMFILE), ("memfd_create", "EMFILE", EMFILE),
      ("ftruncate", "ENOMEM", ENOMEM), ("fcntl", "EMFILE", EMFILE),
    ].map { Fault(call: $0, name: $1, errno: $2) }

  private static let thorough = getenv("MPORCH_FAULTS").flatMap { Int(String(cString: $0)) }

  /// The calls that are made to fail.
  private static let numbers: [Int] =
    thorough.map { Array(1...$0) } ?? [1, 2, 5, 20]

  /// The library, compiled once; `nil`: there is no compiler.
  private static let library: String? = {
    let library = "/tmp/mporch-faults-\(getpid()).so"
    let outcome = try? Child.spawn(
      ["/usr/bin/env", "cc", "-O1", "-shared", "-fPIC", "-o", library, "\(World.root)/Tests/Faults/faults.c"],
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], input: "/dev/null", output: "/dev/null",
      errors: "/dev/null"
    ).wait(within: 60)
    return outcome?.status == 0 ? library : nil
  }()

  private static let topology = """
    name: nap
    queues: {numbers: {capacity: 64}, lines: {type: string}, out: {external: true}}
    processes:
      count: {task: range, with: {stop: 100}, out: numbers}
      shell: {run: cat, in: numbers, out: lines, healthcheck: {test: "true", interval: 50ms}}
      ready: {run: "echo ready", restart: "on-failure:1", restart_delay: 10ms, ready_log_line: ready}
      show: {task: print, in: lines, depends_on: {ready: {condition: completed}}}
    """

  /// The variables by which the n-th call fails, and where that is told.
  private func variables(_ fault: Fault, _ number: Int, in world: World) -> (all: [String: String], mark: String) {
    let mark = "\(world.folder)/fault-\(number)"
    return (
      [
        "LD_PRELOAD": Self.library ?? "", "FAULT_CALL": fault.call, "FAULT_NUMBER": "\(number)",
        "FAULT_COUNT": fault.isLasting ? "1000000" : "1", "FAULT_ERRNO": "\(fault.errno)", "FAULT_MARK": mark,
      ], mark
    )
  }

  /// Seen to fail: a folder left where its lock could not be made; a file without a lock taken for a FIFO; a process whose
  /// output could not be read, and that had done its work by then, taken for one that has succeeded.
  @Test(.enabled(if: library != nil, "there is no C compiler"), arguments: faults)
  func theRunGoesOnOrEndsByName(fault: Fault) throws {
    try World.with { world in
      let file = try world.write("nap.yaml", Self.topology)
      for number in Self.numbers {
        let (variables, mark) = variables(fault, number, in: world)
        let up = try world.run("up", "--no-log-prefix", file, environment: variables, within: 60)
        let what = "\(fault.testDescription), call \(number): \(up)"
        #expect([0, 1, 69].contains(up.status), "\(what)")
        #expect(up.status == 0 || up.errors.contains("error: "), "\(what)")
        // One whose readiness can't be watched is unhealthy, and is ready once more.
        #expect(up.status != 0 || up.lines.filter { $0 != "ready" } == (0..<100).map(String.init), "\(what)")
        let isClean = poll(within: 20) { world.processes.isEmpty && world.runFolders.isEmpty }
        #expect(isClean, "\(what), left: \(world.processes) \(world.runFolders)")
        guard access(mark, F_OK) == 0 else { break }
      }
    }
  }

  /// Commands at a run whose supervisor is refused something. Seen to fail: a supervisor that took all of a processor
  /// while it had no descriptor for a client.
  @Test(
    .enabled(if: library != nil, "there is no C compiler"),
    arguments: [
      ("accept4", EMFILE), ("fcntl", EMFILE), ("fork", EAGAIN), ("pipe2", EMFILE), ("open", EMFILE), ("openat", EMFILE),
      ("epoll_ctl", ENOMEM), ("write", EPIPE), ("read", EINTR), ("getsockopt", ENOMEM),
    ])
  func commandsAreAnsweredOrRefused(call: String, errno: Int32) throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml", Self.topology + "\n  stay: {run: exec sleep 1000, in: out, stop_grace_period: 200ms}")
      for number in stride(from: 1, through: Self.thorough ?? 61, by: Self.thorough == nil ? 30 : 1) {
        let fault = Fault(call: call, name: "\(errno)", errno: errno)
        let (variables, mark) = variables(fault, number, in: world)
        let up = try world.run("up", "-d", file, environment: variables, within: 60)
        #expect([0, 1, 69].contains(up.status) && !up.errors.isEmpty, "\(call) \(number): \(up)")
        for command in [["ps"], ["inspect"], ["put", "out", "x"], ["restart", "stay"], ["scale", "stay=2"], ["why"]] {
          let outcome = try world.mporch(command, within: 60)
          #expect([0, 1, 69].contains(outcome.status), "\(call) \(number) \(command): \(outcome)")
        }
        // One that was refused is asked again.
        let isDown = try poll(within: 60) { try world.run("down", "--timeout", "1s").status == 0 }
        #expect(isDown && world.runFolders.isEmpty, "\(call) \(number)")
        guard access(mark, F_OK) == 0 else { break }
      }
    }
  }

  /// Commands that stay have all descriptors. Seen to fail: nobody came in any more.
  @Test func aRunWithoutADescriptorLeftCanBeLookedAtAndEnded() throws {
    try World.withRun("name: nap\nprocesses: {a: {run: exec sleep 1000}}") { world in
      let supervisor = try #require(
        try world.run("ls", "--format", "json").text.firstMatch(of: /"pid" : (\d+)/).flatMap { pid_t($0.1) })
      #expect(try world.shell("prlimit --pid \(supervisor) --nofile=32:32").status == 0)
      let stays = (0..<40).compactMap { _ in world.connect(to: "nap") }
      defer { for stay in stays { close(stay) } }
      for stay in stays { _ = "{\"wait\":{}}\n".withCString { write(stay, $0, strlen($0)) } }
      // Those that were let in after the last descriptor was used are told so, and leave.
      let refused = poll(within: 30) {
        stays.contains { stay in
          var bytes = [UInt8](repeating: 0, count: 512)
          let count = recv(stay, &bytes, bytes.count, Int32(MSG_DONTWAIT))
          return count > 0 && String(decoding: bytes.prefix(count), as: UTF8.self).contains("no descriptor left")
        }
      }
      #expect(refused)
      for command in [["ps"], ["inspect"], ["down"]] {
        let outcome = try world.mporch(command, within: 60)
        #expect(outcome.status == 0, "\(command): \(outcome)")
      }
    }
  }

  /// Each asks for events, and is gone. Seen to fail: a descriptor kept for each.
  @Test func whoAskedForEventsAndIsGoneHasNoDescriptor() throws {
    try World.withRun("name: nap\nprocesses: {a: {run: exec sleep 1000}}") { world in
      let supervisor = try #require(
        try world.run("ls", "--format", "json").text.firstMatch(of: /"pid" : (\d+)/).flatMap { pid_t($0.1) })
      let before = names(in: "/proc/\(supervisor)/fd").count
      for request in ["{\"events\":{}}\n", "{\"wait\":{}}\n", "{\"awaitReadiness\":{\"patienceSeconds\":1000}}\n"] {
        for _ in 0..<20 {
          let client = try #require(world.connect(to: "nap"))
          _ = request.withCString { write(client, $0, strlen($0)) }
          close(client)
        }
      }
      let isGone = poll(within: 20) { names(in: "/proc/\(supervisor)/fd").count <= before }
      #expect(isGone, "\(before) before, \(names(in: "/proc/\(supervisor)/fd").count) after")
    }
  }

  /// As on a full disk. Seen to fail: the supervisor was ended by SIGXFSZ, and all processes with it.
  @Test func aLogThatMayNotGrowIsAsOnAFullDisk() throws {
    try World.with { world in
      let command = "seq -f 'line %.0f of many that are longer than a log may be, with all that it says' 20000"
      let file = try world.write("noisy.yaml", "processes: {n: {run: \"\(command)\"}}")
      // Enough for the shared memory, and not for the log.
      let bounded = try world.shell("exec prlimit --fsize=2000000 $MPORCH up --no-log-prefix \(file)", within: 60)
      #expect(bounded.status == 0 && bounded.lines.count == 20_000, "\(bounded.errors)")
      #expect(bounded.errors.contains("could not be stored: File too large"), "\(bounded.errors)")
    }
  }

  /// Whether memory can be limited here: for root, in the first version of control groups or the second.
  static let memoryGroup: String? = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"].first { root in
    let group = "\(root)/mporch-test-\(getpid())"
    guard mkdir(group, 0o700) == 0 else { return false }
    defer { rmdir(group) }
    return names(in: group).contains { $0 == "memory.limit_in_bytes" || $0 == "memory.max" }
  }

  /// Seen to fail: not a word of why.
  @Test(.enabled(if: memoryGroup != nil, "only root can limit memory, where control groups can be made"))
  func whoWasKilledForWantOfMemoryIsToldSo() throws {
    try World.with { world in
      let group = "\(try #require(Self.memoryGroup))/mporch-test-\(getpid())"
      let file = try world.write(
        "hungry.yaml", "processes: {a: {run: [python3, -c, 'x = bytearray(400 << 20); print(len(x))']}}")
      let up = try world.shell(
        """
        mkdir \(group) && cd \(group) && { echo 200M >memory.limit_in_bytes || echo 200M >memory.max; } 2>/dev/null
        echo $$ >cgroup.procs; cd /; $MPORCH up \(file); status=$?
        cd \(group)/.. && echo $$ >cgroup.procs; rmdir \(group); exit $status
        """)
      #expect(up.status == 1, "\(up)")
      #expect(
        up.errors.contains("was ended by signal 9 (SIGKILL); the system has killed for want of memory"), "\(up.errors)")
    }
  }
}
