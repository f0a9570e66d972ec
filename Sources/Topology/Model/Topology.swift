/// A whole run as data: what the files declare, resolved and checked.
///
/// From this value alone follow the memory layout, the processes, the graph and the checks.
package struct Topology: Sendable, Equatable {
  package var name: String
  /// The files that were merged, as the user gave them, first to last.
  package var files: [String]
  /// Absolute folder of the first file: where processes run and relative paths start.
  package var directory: String
  package var failFast: Bool
  package var logging: Logging
  /// Of every process: each has it among its own variables already.
  package var environment: [ProcessDeclaration.EnvironmentVariable] = []
  /// In order of declaration; a `ResourceID` indexes it.
  package var resources: [Resource]
  /// In order of declaration; only those that the chosen profiles enable.
  package var processes: [ProcessDeclaration]
  /// What mporch adds for managed objects and pools; see `withServices`.
  package var services: [Service] = []

  package init(
    name: String, files: [String], directory: String, failFast: Bool = false, logging: Logging = Logging(),
    resources: [Resource] = [], processes: [ProcessDeclaration] = []
  ) {
    self.name = name
    self.files = files
    self.directory = directory
    self.failFast = failFast
    self.logging = logging
    self.resources = resources
    self.processes = processes
  }

  package struct Logging: Sendable, Equatable {
    package var maxFileByteCount = 10 << 20
    package var maxFileCount = 10
    package init() {}
  }
}

/// Index into `Topology.resources`.
package struct ResourceID: Hashable, Sendable, Comparable {
  package var index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// One end of a duplex pipe; a simplex pipe's writer holds `a`, its reader `b`.
package enum PipeEnd: String, Sendable, Hashable {
  case a, b
}

/// What a process refers to: a resource, or one end of a pipe.
package struct ResourceReference: Hashable, Sendable {
  package var resource: ResourceID
  /// `nil` unless the resource is a pipe.
  package var end: PipeEnd?
  package var place: Place

  package init(resource: ResourceID, end: PipeEnd? = nil, place: Place) {
    self.resource = resource
    self.end = end
    self.place = place
  }
}

extension Topology {
  /// As a file writes it: `lines`, `p.a`.
  package func text(of reference: ResourceReference) -> String {
    resources[reference.resource.index].text(end: reference.end)
  }
}

extension Resource {
  /// An end is named of a duplex pipe alone.
  func text(end: PipeEnd?) -> String {
    guard case .pipe(let pipe) = kind, pipe.isDuplex, let end else { return name }
    return "\(name).\(end.rawValue)"
  }
}
