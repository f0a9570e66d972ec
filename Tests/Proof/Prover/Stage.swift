import Glibc
import Platform
import Sharing
import Supervisor
import Topology
import Workers

/// The arena of a scenario, and its processes, as a run would have them but for the supervisor.
final class Stage {
  let scenario: Scenario
  let arena: Arena
  /// `nil`: what stands for the supervisor.
  let victim: Int?
  let rival: Int?
  private let topology: Topology
  private var instances: [InstancePlan]
  /// Takes what the processes print.
  private let output: Int32
  /// Those that have ended for good.
  private(set) var ended: Set<Int> = []

  init(_ scenario: Scenario) throws {
    self.scenario = scenario
    topology = try Self.topology(of: scenario).withServices(managedServer: Scripting.managedServer).withSmallServices
    instances = InstancePlan.all(of: topology)
    switch scenario.victim {
    case .process(let name):
      guard let victim = instances.firstIndex(where: { $0.name == "\(name)-1" }) else {
        throw Unplayable(description: "no process '\(name)'")
      }
      self.victim = victim
    case .supervisor: victim = nil
    }
    rival = instances.firstIndex { $0.name == scenario.rival }
    // One processor, whatever the machine has: looks before a sleep are many where there are more, and each is a step.
    arena = try Arena(
      Self.plan(of: topology, spareWorkers: scenario.duty == nil ? 0 : 1), name: "proof", processorCount: 1)
    try arena.fillInitialValues(of: topology)
    // Whoever is in the way of a repair goes on.
    arena.rescueLocks { _ in .heldUp }
    guard let file = tmpfile() else { throw Unplayable(description: "tmpfile: errno \(errno)") }
    output = dup(fileno(file))
    fclose(file)
    _ = fcntl(output, F_SETFL, O_APPEND)
  }

  deinit { close(output) }

  /// Small regions, all of which are compared: the first table has room for four words.
  private static func plan(of topology: Topology, spareWorkers: Int) -> ArenaPlan {
    var plan = ArenaPlan(topology)
    plan.spareWorkers = spareWorkers
    for index in plan.workers.indices where plan.workers[index]?.regionByteCount ?? 0 > 0 {
      plan.workers[index]?.regionByteCount = 16 << 10
    }
    return plan
  }

  private static func topology(of scenario: Scenario) throws -> Topology {
    let text = Array(scenario.topology.utf8)
    let result = TopologyLoader.load(
      LoadRequest(files: ["proof.yaml"], currentDirectory: "/", processorCount: 1),
      signatures: Catalogue.builtIn.signatures,
      access: FileAccess { path, _ in
        path.hasSuffix("proof.yaml") ? .success(text) : .failure(.notFound)
      }, isFolder: { _ in true })
    guard let topology = result.topology else {
      let diagnostics = result.diagnostics.map { "\($0.message)" }.joined(separator: "; ")
      throw Unplayable(description: "\(scenario.name): \(diagnostics)")
    }
    return topology
  }

  // MARK: Memory

  var memory: UnsafeMutableRawBufferPointer { arena.contents }

  func hasMemory(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { $0.count == memory.count && memcmp($0.baseAddress!, memory.baseAddress!, $0.count) == 0 }
  }

  // MARK: Processes

  func workers(of names: [String]) -> [Int] {
    instances.indices.filter { names.contains(topology.processes[instances[$0].process].name) }
  }

  /// All that have not ended for good, but those that are to show what came out.
  var others: [Int] {
    let last = workers(of: scenario.after)
    return instances.indices.filter { !ended.contains($0) && $0 != victim && !last.contains($0) }
  }

  func name(of worker: Int) -> String { instances[worker].name }

  func worker(_ stepped: Stepped) -> Int? {
    switch stepped {
    case .victim: victim
    case .rival: rival
    }
  }

  /// In a child: the worker's life.
  func become(_ worker: Int) -> Never {
    dup2(output, 1)
    dup2(output, 2)
    arena.begin(worker, processID: getpid())
    WorkerProcess(
      topology: topology, process: instances[worker].process, replica: instances[worker].replica, worker: worker,
      arena: arena, upStandardInput: nil, upStandardOutput: nil, words: nil
    ).run(kinds: Catalogue.builtIn)
  }

  /// Runs workers side by side until all have ended for good, under a supervisor of their own. `nil`: all went well.
  func run(_ workers: [Int]) throws -> String? {
    let child = try Child.fork { supervise(workers) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    ended.formUnion(workers)
    switch (status & 0x7f, status >> 8) {
    case (0, 0): return nil
    case (0, let count): return "\(count) of the others failed"
    case (SIGALRM, _): return "the others are stuck"
    case (let signal, _): return "signal \(signal) ended what stands for the supervisor"
    }
  }

  /// In a child of its own, so that it waits for nobody but those.
  private func supervise(_ workers: [Int]) -> Never {
    var living: [Int32: Int] = [:]
    // The tick of the parent is not inherited: the others have ten seconds.
    signal(SIGALRM, SIG_DFL)
    alarm(10)
    for worker in workers {
      guard let pid = try? Child.fork({ become(worker) }) else { _exit(126) }
      living[pid] = worker
    }
    var failures: Int32 = 0
    while !living.isEmpty {
      var information = siginfo_t()
      guard waitid(P_ALL, 0, &information, WEXITED | WNOWAIT) == 0 else { continue }
      var status: Int32 = 0
      let pid = information._sifields._sigchld.si_pid
      if let worker = living.removeValue(forKey: pid) {
        let failed = information._sifields._sigchld.si_status != 0
        _ = arena.scavenge(worker, isFailure: failed)
        arena.endForGood(worker, failed: failed)
        if failed { failures += 1 }
      }
      waitpid(pid, &status, 0)
    }
    _exit(failures)
  }

  /// The victim has ended for good.
  func endVictim(failed: Bool) {
    guard let victim else { return }
    arena.endForGood(victim, failed: failed)
    ended.insert(victim)
  }

  /// Forgets that these have ended, with the memory that said so.
  func forget(ended workers: Set<Int>) { ended = workers }

  /// One instance more of a worker's process, in the process that stands for the supervisor.
  func admitSibling(of worker: Int) -> Int {
    let links = arena.plan.links(of: worker)
    guard let newcomer = try? arena.admit(group: arena.plan.workers[worker]?.group, links), newcomer == instances.count
    else { preconditionFailure("no room for a newcomer") }
    var plan = instances[worker]
    let process = topology.processes[plan.process].name
    plan.replica = workers(of: [process]).count + 1
    plan.name = "\(process)-\(plan.replica)"
    instances.append(plan)
    return newcomer
  }

  // MARK: Output

  /// As one of the processes.
  func say(_ text: String) {
    var line = text + "\n"
    line.withUTF8 { _ = write(output, $0.baseAddress, $0.count) }
  }

  func clearOutput() { ftruncate(output, 0) }

  /// What the workers printed, without mporch's own warnings, which stand elsewhere in a run.
  var printed: String {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = max(0, pread(output, &bytes, bytes.count, 0))
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains(": warning: ") }.joined(
      separator: "\n")
  }
}

extension Topology {
  /// The queues of services take little memory: it is compared after every write.
  fileprivate var withSmallServices: Topology {
    var small = self
    for service in services {
      for id in [service.requests] + service.clients.map(\.replies) {
        guard case .queue(var queue) = resources[id.index].kind else { continue }
        queue.byteCount = 4 << 10
        small.resources[id.index].kind = .queue(queue)
      }
    }
    return small
  }
}
