internal import Limits
import Text

/// The keys of a process.
///
/// A new one is a case and its `described` here, a property of `ProcessDeclaration`, and a place where it is applied.
package enum ProcessKey: String, KeyTable {
  case task, script, run
  case inputs = "in"
  case outputs = "out"
  case use, with, replicas
  case dependsOn = "depends_on"
  case restart
  case restartDelay = "restart_delay"
  case environment
  case environmentFile = "env_file"
  case workingDirectory = "working_dir"
  case cpus, nice, timeout
  case healthCheck = "healthcheck"
  case readyLogLine = "ready_log_line"
  case stopSignal = "stop_signal"
  case stopGracePeriod = "stop_grace_period"
  case profiles

  /// What becomes of a process of a live run when its file is read again with another value.
  package enum Effect: Sendable {
    /// Instances start or end.
    case instances
    /// The supervisor goes by it from then on: no life ends.
    case supervision
    /// Its instances end, and begin another life, which goes on where the last one was.
    case anotherLife
    /// As above; but where its kind keeps a place in what it does, it begins anew: that is not what it is to do.
    case otherParameters
    /// It does something else: it begins anew.
    case otherWork
  }

  /// All that is to be said of a key.
  struct Description {
    var entry: KeyEntry
    var effect: Effect
    /// Whether the first declaration has another value than the second; texts are compared by their bytes.
    var isChanged: (ProcessDeclaration, ProcessDeclaration) -> Bool
    /// Takes it from the file; what is wrong is reported.
    var read: (inout ProcessReading) -> Void
    /// In canonical long form; `nil`: it is left out.
    var written: (ProcessDeclaration, ResolvedTopology) -> YAMLTree?

    init(
      _ entry: KeyEntry, onChange effect: Effect,
      isChanged: @escaping (ProcessDeclaration, ProcessDeclaration) -> Bool,
      read: @escaping (inout ProcessReading) -> Void,
      written: @escaping (ProcessDeclaration, ResolvedTopology) -> YAMLTree?
    ) {
      self.entry = entry
      self.effect = effect
      self.isChanged = isChanged
      self.read = read
      self.written = written
    }
  }

  var entry: KeyEntry { described.entry }
  package var effectOfChange: Effect { described.effect }

  var described: Description {
    switch self {
    // Applied by `WorkerProcess`: it becomes the work of every life. `task` reads all three, of which there is one.
    case .task:
      Description(
        KeyEntry(.kind, "Built-in kind of work; 'mporch tasks' lists them."), onChange: .otherWork,
        isChanged: { $0.work.key == .task && $0.work.essence != $1.work.essence },
        read: { $0.readWork() },
        written: { process, _ in if case .kind(let name, _) = process.work { .text(name) } else { nil } })
    case .script:
      Description(
        KeyEntry(.text, "Lua 5.4."), onChange: .otherWork,
        isChanged: { $0.work.key == .script && $0.work.essence != $1.work.essence },
        read: { _ in },
        written: { process, _ in if case .script(let script) = process.work { .script(script.source) } else { nil } })
    case .run:
      Description(
        KeyEntry(.oneOf([.list(of: .text), .text]), "Command and arguments, or one string for /bin/sh -c."),
        onChange: .otherWork,
        isChanged: { $0.work.key == .run && $0.work.essence != $1.work.essence },
        read: { _ in },
        written: { process, _ in
          if case .command(let words, _) = process.work { .list(words.map { .text($0) }) } else { nil }
        })
    // Applied by `ProcessBinder`, which finds the port or role of each, and by `WorkerLinks`.
    case .inputs:
      Description(
        KeyEntry(
          .oneOf([.reference, .map(of: .reference)]), "Queue or pipe end that it reads, or a map port: resource."),
        onChange: .anotherLife,
        isChanged: { $0.inputs.map(\.essence) != $1.inputs.map(\.essence) },
        read: { $0.draft.inputs = $0.wiring(.inputs, .reads) },
        written: { process, resolved in resolved.ports(process.inputs) })
    case .outputs:
      Description(
        KeyEntry(
          .oneOf([Self.outputShape, .map(of: Self.outputShape)]),
          "Queue or pipe end that it writes, a list (each item to all), or a map port: resource."),
        onChange: .anotherLife,
        isChanged: { $0.outputs.map(\.essence) != $1.outputs.map(\.essence) },
        read: { $0.draft.outputs = $0.wiring(.outputs, .writes) },
        written: { process, resolved in resolved.ports(process.outputs) })
    case .use:
      Description(
        KeyEntry(
          .oneOf([.reference, .list(of: .reference), .map(of: .reference)]),
          "Every other resource that it touches: a list, or a map 'name inside: resource'."),
        onChange: .anotherLife,
        isChanged: { $0.uses.map(\.essence).sorted() != $1.uses.map(\.essence).sorted() },
        read: { $0.draft.uses = $0.wiring(.use, .uses) },
        written: { process, resolved in resolved.uses(process.uses) })
    // Applied by the kind, which gets them as its `Arguments`.
    case .with:
      Description(
        KeyEntry(.map(of: .any), "Parameters of the kind."), onChange: .otherParameters,
        isChanged: { $0.parameters.essence != $1.parameters.essence },
        read: { $0.draft.parameters = $0.fields[.with] },
        written: { process, resolved in resolved.parameters(process.parameters, of: process.work) })
    // Applied by `RunBuilder` and `Run`: as many instances.
    case .replicas:
      Description(
        KeyEntry(.integer(Limit.replicas), default: "1", "Instances."), onChange: .instances,
        isChanged: { $0.replicas != $1.replicas },
        read: {
          $0.process.replicas = $0.decoder.settings.request.scale[$0.process.name] ?? $0.fields.integer(.replicas) ?? 1
          $0.process.replicasPlace = $0.fields[.replicas]?.value.place
        },
        written: { process, _ in .number(process.replicas) })
    // Applied by `RunLife`, by a `DependencyVerdict`.
    case .dependsOn:
      Description(
        KeyEntry(
          .oneOf([.list(of: .name), .map(of: .oneOf([.keys(DependencyKey.self), .nothing]))]),
          "Processes that must have come so far before it starts."),
        onChange: .supervision,
        isChanged: { $0.dependencies.essence != $1.dependencies.essence },
        read: { $0.process.dependencies = DependencyDecoder(findings: $0.findings).dependencies($0.fields) },
        written: { process, _ in process.dependencies.tree })
    // Applied by `RestartDecider`, as is its delay.
    case .restart:
      Description(
        KeyEntry(
          .pattern("^(no|always|on-failure(:[0-9]+)?)$"), default: "no", "no, on-failure, on-failure:N or always."),
        onChange: .supervision,
        isChanged: { $0.restart != $1.restart },
        read: { $0.process.restart = $0.restartPolicy() ?? .never },
        written: { process, _ in .text(process.restart.text) })
    case .restartDelay:
      Description(
        KeyEntry(.duration, default: "100ms", "First pause before a restart; doubled up to 30s."),
        onChange: .supervision,
        isChanged: { $0.restartDelay != $1.restartDelay },
        read: {
          $0.process.restartDelay = $0.fields.duration(.restartDelay, zeroAllowed: false) ?? $0.process.restartDelay
        },
        written: { process, _ in .duration(process.restartDelay) })
    // Applied by `WorkerSpawner`, as are the folder, the processors and the priority.
    case .environment:
      Description(
        KeyEntry(.oneOf([.map(of: .any), .list(of: .text)]), "Variables: a map, or a list of NAME=value."),
        onChange: .anotherLife,
        isChanged: { $0.environment.essence != $1.environment.essence },
        read: { $0.process.environment = $0.environment() },
        written: { process, resolved in process.environment.tree(over: resolved.topology.environment) })
    // What they hold is read, written and compared with `environment`.
    case .environmentFile:
      Description(
        KeyEntry(
          .oneOf([.text, .list(of: .oneOf([.text, .keys(EnvironmentFileKey.self)]))]),
          "Files of variables; 'environment' wins over them."),
        onChange: .anotherLife, isChanged: { _, _ in false }, read: { _ in }, written: { _, _ in nil })
    case .workingDirectory:
      Description(
        KeyEntry(.text, "Folder that it runs in; by default the file's."), onChange: .anotherLife,
        isChanged: { $0.workingDirectory.map(ByteString.init) != $1.workingDirectory.map(ByteString.init) },
        read: { $0.process.workingDirectory = $0.workingDirectory() },
        written: { process, _ in process.workingDirectory.map { .text($0) } })
    case .cpus:
      Description(
        KeyEntry(
          .oneOf([
            .list(of: .integer(0...Limit.count.upperBound)), .pattern("^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$"),
          ]),
          "Processors that it may run on: [0, 1] or \"0-3\"."),
        onChange: .anotherLife,
        isChanged: { $0.processors != $1.processors },
        read: { $0.process.processors = $0.processors() },
        written: { process, _ in process.processors.map { .list($0.map { .number($0) }) } })
    case .nice:
      Description(
        KeyEntry(.integer(-20...19), "Priority: from -20, the highest, to 19."), onChange: .anotherLife,
        isChanged: { $0.niceness != $1.niceness },
        read: { $0.process.niceness = $0.fields.integer(.nice) },
        written: { process, _ in process.niceness.map { .number($0) } })
    // Applied by `Run`, by a timer of the life.
    case .timeout:
      Description(
        KeyEntry(.duration, "Longest that it may run; then it is stopped and has failed."), onChange: .anotherLife,
        isChanged: { $0.timeout != $1.timeout },
        read: { $0.process.timeout = $0.fields.duration(.timeout, zeroAllowed: false) },
        written: { process, _ in process.timeout.map { .duration($0) } })
    // Applied by `TestWatch`.
    case .healthCheck:
      Description(
        KeyEntry(.keys(HealthCheckKey.self), "Command that tells whether it is healthy."), onChange: .anotherLife,
        isChanged: { $0.health != $1.health || $0.health?.essence != $1.health?.essence },
        read: { $0.process.health = $0.healthCheck() },
        written: { process, _ in process.health?.tree })
    // Applied by `LogLineWatch`.
    case .readyLogLine:
      Description(
        KeyEntry(.text, "Regular expression: it is healthy once a line of its log matches."), onChange: .anotherLife,
        isChanged: { $0.readyLogLine.map(ByteString.init) != $1.readyLogLine.map(ByteString.init) },
        read: { $0.process.readyLogLine = $0.readyLogLine() },
        written: { process, _ in process.readyLogLine.map { .text($0) } })
    // Applied by `Run`, and for commands by `CommandPump`, as is the time.
    case .stopSignal:
      Description(
        KeyEntry(.oneOf([.text, .integer(1...64)]), default: "SIGTERM", "Signal that asks it to end."),
        onChange: .supervision,
        isChanged: { $0.stopSignal != $1.stopSignal },
        read: { $0.process.stopSignal = $0.stopSignal() ?? $0.process.stopSignal },
        written: { process, _ in .text(SignalName.name(of: process.stopSignal) ?? "\(process.stopSignal)") })
    case .stopGracePeriod:
      Description(
        KeyEntry(.duration, default: "10s", "Time to end in after 'stop_signal'; then SIGKILL."),
        onChange: .supervision,
        isChanged: { $0.stopGracePeriod != $1.stopGracePeriod },
        read: { $0.process.stopGracePeriod = $0.fields.duration(.stopGracePeriod) ?? $0.process.stopGracePeriod },
        written: { process, _ in .duration(process.stopGracePeriod) })
    // Applied by `ProcessDecoder`: only what is enabled is of the topology.
    case .profiles:
      Description(
        KeyEntry(.list(of: .text), "It runs only where one of these profiles is chosen."), onChange: .instances,
        isChanged: { $0.profiles != $1.profiles },
        read: { $0.process.profiles = $0.strings(.profiles) },
        written: { process, _ in process.profiles.isEmpty ? nil : .list(process.profiles.map { .text($0) }) })
    }
  }

  private static let outputShape = ValueShape.oneOf([.reference, .list(of: .reference)])
}

extension ProcessDeclaration {
  /// The keys by which it differs from another declaration of the same process, but for how many instances there are.
  package func keysChanged(since other: ProcessDeclaration) -> [ProcessKey] {
    ProcessKey.allCases.filter { key in
      let described = key.described
      return described.effect != .instances && described.isChanged(self, other)
    }
  }
}

// MARK: What is compared: bytes, and no places

extension PortBinding {
  fileprivate var essence: String { "\(port) \(target.resource.index) \(target.end?.rawValue ?? "")" }
}

extension UseBinding {
  fileprivate var essence: String { "\(name) \(target.resource.index) \(target.end?.rawValue ?? "")" }
}

extension [Argument] {
  fileprivate var essence: [String: Literal] {
    Dictionary(map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }
}

extension [ProcessDeclaration.EnvironmentVariable] {
  fileprivate var essence: [ByteString] { flatMap { [ByteString($0.name), ByteString($0.value)] } }
}

extension ProcessDeclaration.HealthCheck {
  fileprivate var essence: [ByteString] { command.map { ByteString($0) } }
}

extension [ProcessDeclaration.Dependency] {
  fileprivate var essence: [String: ProcessDeclaration.Dependency.Condition] {
    Dictionary(map { ($0.process, $0.condition) }, uniquingKeysWith: { $1 })
  }
}

extension ProcessDeclaration.Work {
  fileprivate var key: ProcessKey {
    switch self {
    case .kind: .task
    case .script: .script
    case .command: .run
    }
  }

  /// A script that only moved in its file is the same.
  fileprivate var essence: [ByteString] {
    switch self {
    case .kind(let name, _): ["task", ByteString(name)]
    case .script(let script): ["script", ByteString(script.source)]
    case .command(let words, _): ["run"] + words.map { ByteString($0) }
    }
  }
}
