/// A process of the file: one or more instances of the same work.
package struct ProcessDeclaration: Sendable, Equatable {
  package var name: String
  /// Of its name in the file.
  package var place: Place
  package var work: Work
  /// One a port; a kind with a single input has its only port's name here, a script or command `input`.
  package var inputs: [PortBinding] = []
  /// Several bindings of one port put each item to all.
  package var outputs: [PortBinding] = []
  package var uses: [UseBinding] = []
  /// Of a kind: all that have a value, checked, with defaults. Else as written.
  package var parameters: [Argument] = []
  /// Of a kind that absorbs a table: it outlives a kill.
  package var keepsTable = false
  package var replicas = 1
  /// `nil`: the file does not say how many.
  package var replicasPlace: Place?
  package var dependencies: [Dependency] = []
  package var restart = RestartPolicy.never
  package var restartDelay = Duration.milliseconds(100)
  /// What `environment` and `env_file` add to the inherited one.
  package var environment: [EnvironmentVariable] = []
  /// Absolute; `nil`: the topology's folder.
  package var workingDirectory: String?
  package var processors: [Int]?
  package var niceness: Int?
  package var timeout: Duration?
  package var health: HealthCheck?
  package var readyLogLine: String?
  package var stopSignal: Int32 = 15
  package var stopGracePeriod = Duration.seconds(10)
  package var profiles: [String] = []
  /// Where each key that the file gives stands.
  package var keyPlaces: [ProcessKey: Place] = [:]

  package init(name: String, place: Place, work: Work) {
    self.name = name
    self.place = place
    self.work = work
  }

  package var arguments: Arguments { Arguments(parameters) }

  package enum Work: Sendable, Equatable {
    case kind(name: String, place: Place)
    case script(Script)
    case command([String], place: Place)
  }

  package struct Dependency: Sendable, Equatable {
    package var process: String
    package var condition: Condition
    package var place: Place
    package init(process: String, condition: Condition, place: Place) {
      self.process = process
      self.condition = condition
      self.place = place
    }
    package enum Condition: String, Sendable, CaseIterable {
      case started, healthy, completed
      case completedSuccessfully = "completed_successfully"
    }
  }

  package enum RestartPolicy: Sendable, Equatable {
    case never
    /// `limit` restarts at most; `nil`: without end.
    case onFailure(limit: Int?)
    case always
  }

  package struct EnvironmentVariable: Sendable, Equatable {
    package var name: String
    package var value: String
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct HealthCheck: Sendable, Equatable {
    package var command: [String]
    package var interval = Duration.seconds(10)
    package var timeout = Duration.seconds(5)
    package var retries = 3
    package var startPeriod = Duration.zero
    package init(command: [String]) { self.command = command }
  }
}

package struct PortBinding: Sendable, Equatable {
  package var port: String
  package var target: ResourceReference
  package init(port: String, target: ResourceReference) {
    self.port = port
    self.target = target
  }
}

/// A resource under `use`, by the name that the process knows it by.
package struct UseBinding: Sendable, Equatable {
  package var name: String
  package var target: ResourceReference
  package init(name: String, target: ResourceReference) {
    self.name = name
    self.target = target
  }
}

/// One entry of `with`.
package struct Argument: Sendable, Equatable {
  package var name: String
  package var value: Literal
  package var place: Place
  /// Of a list.
  package var elementPlaces: [Place]
  package init(name: String, value: Literal, place: Place, elementPlaces: [Place] = []) {
    self.name = name
    self.value = value
    self.place = place
    self.elementPlaces = elementPlaces
  }
}

extension Arguments {
  package init(_ parameters: [Argument]) {
    self.init(Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
  }
}
