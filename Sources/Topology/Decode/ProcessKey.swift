internal import Limits

/// The keys of a process.
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

  var entry: KeyEntry { isWiring ? wiringEntry : isLifeCycle ? lifeCycleEntry : settingEntry }

  private var isWiring: Bool {
    switch self {
    case .task, .script, .run, .inputs, .outputs, .use, .with, .replicas: true
    default: false
    }
  }

  private var isLifeCycle: Bool {
    switch self {
    case .dependsOn, .restart, .restartDelay, .timeout, .healthCheck, .readyLogLine, .stopSignal, .stopGracePeriod: true
    default: false
    }
  }

  private var wiringEntry: KeyEntry {
    switch self {
    case .task: KeyEntry(.kind, "Built-in kind of work; 'mporch tasks' lists them.")
    case .script: KeyEntry(.text, "Lua 5.4.")
    case .run:
      KeyEntry(.oneOf([.list(of: .text), .text]), "Command and arguments, or one string for /bin/sh -c.")
    case .inputs:
      KeyEntry(.oneOf([.reference, .map(of: .reference)]), "Queue or pipe end that it reads, or a map port: resource.")
    case .outputs:
      KeyEntry(
        .oneOf([Self.outputShape, .map(of: Self.outputShape)]),
        "Queue or pipe end that it writes, a list (each item to all), or a map port: resource.")
    case .use:
      KeyEntry(
        .oneOf([.reference, .list(of: .reference), .map(of: .reference)]),
        "Every other resource that it touches: a list, or a map 'name inside: resource'.")
    case .with: KeyEntry(.map(of: .any), "Parameters of the kind.")
    default: KeyEntry(.integer(Limit.replicas), default: "1", "Instances.")
    }
  }

  private static let outputShape = ValueShape.oneOf([.reference, .list(of: .reference)])

  private var lifeCycleEntry: KeyEntry {
    switch self {
    case .dependsOn:
      KeyEntry(
        .oneOf([.list(of: .name), .map(of: .oneOf([.keys(DependencyKey.self), .nothing]))]),
        "Processes that must have come so far before it starts.")
    case .restart:
      KeyEntry(
        .pattern("^(no|always|on-failure(:[0-9]+)?)$"), default: "no", "no, on-failure, on-failure:N or always.")
    case .restartDelay: KeyEntry(.duration, default: "100ms", "First pause before a restart; doubled up to 30s.")
    case .timeout: KeyEntry(.duration, "Longest that it may run; then it is stopped and has failed.")
    case .healthCheck: KeyEntry(.keys(HealthCheckKey.self), "Command that tells whether it is healthy.")
    case .readyLogLine: KeyEntry(.text, "Regular expression: it is healthy once a line of its log matches.")
    case .stopSignal:
      KeyEntry(.oneOf([.text, .integer(1...64)]), default: "SIGTERM", "Signal that asks it to end.")
    default: KeyEntry(.duration, default: "10s", "Time to end in after 'stop_signal'; then SIGKILL.")
    }
  }

  private var settingEntry: KeyEntry {
    switch self {
    case .environment:
      KeyEntry(.oneOf([.map(of: .any), .list(of: .text)]), "Variables: a map, or a list of NAME=value.")
    case .environmentFile:
      KeyEntry(
        .oneOf([.text, .list(of: .oneOf([.text, .keys(EnvironmentFileKey.self)]))]),
        "Files of variables; 'environment' wins over them.")
    case .workingDirectory: KeyEntry(.text, "Folder that it runs in; by default the file's.")
    case .cpus:
      KeyEntry(
        .oneOf([.list(of: .integer(0...Limit.count.upperBound)), .pattern("^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$")]),
        "Processors that it may run on: [0, 1] or \"0-3\".")
    case .nice: KeyEntry(.integer(-20...19), "Priority: from -20, the highest, to 19.")
    default: KeyEntry(.list(of: .text), "It runs only where one of these profiles is chosen.")
    }
  }
}

enum DependencyKey: String, KeyTable {
  case condition

  var entry: KeyEntry {
    KeyEntry(
      .word(ProcessDeclaration.Dependency.Condition.allCases.map(\.rawValue)), default: "started",
      "How far the other process must have come.")
  }
}

enum EnvironmentFileKey: String, KeyTable {
  case path, required

  var entry: KeyEntry {
    switch self {
    case .path: KeyEntry(.text, required: true, "The file.")
    case .required: KeyEntry(.boolean, default: "true", "It is an error if there is no such file.")
    }
  }
}

enum HealthCheckKey: String, KeyTable {
  case test, interval, timeout, retries
  case startPeriod = "start_period"

  var entry: KeyEntry {
    switch self {
    case .test:
      KeyEntry(
        .oneOf([.list(of: .text), .text]), required: true, "Command and arguments, or one string for the shell.")
    case .interval: KeyEntry(.duration, default: "10s", "Time between two tests.")
    case .timeout: KeyEntry(.duration, default: "5s", "Time after which a test has failed.")
    case .retries: KeyEntry(.integer(Limit.count), default: "3", "Failures in a row that make it unhealthy.")
    case .startPeriod: KeyEntry(.duration, default: "0s", "Time at the start in which failures do not count.")
    }
  }
}
