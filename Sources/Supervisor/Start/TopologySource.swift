package import Topology

/// The files of a topology are no topology.
package struct InvalidTopology: Error {
  /// As one is told of it whose files they are.
  package var refusal: Refusal
  package var errors: [Diagnostic]

  package init(_ refusal: Refusal, errors: [Diagnostic]) {
    self.refusal = refusal
    self.errors = errors
  }
}

/// Makes a run's topology of what a client asks for, at its start and whenever it is to change.
package struct TopologySource {
  private let managedServer: String
  private let load: (StartRequest, FileRecord) throws(InvalidTopology) -> Topology

  /// What a topology was made of: with other settings it can be made of the same files again.
  struct Made {
    var request: StartRequest
    var record: FileRecord
    /// Without services.
    var topology: Topology
  }

  /// `load` reads what the record does not have, and enters it there. `managedServer`: the script of that server.
  package init(
    managedServer: String, load: @escaping (StartRequest, FileRecord) throws(InvalidTopology) -> Topology
  ) {
    self.managedServer = managedServer
    self.load = load
  }

  /// Of what the client has sent.
  func make(_ request: StartRequest) throws(Refusal) -> Made {
    var bare = request
    bare.contents = [:]
    do throws(InvalidTopology) {
      return try make(bare, of: FileRecord(request.contents.mapValues(\.content)))
    } catch {
      throw error.refusal
    }
  }

  func make(_ request: StartRequest, of record: FileRecord) throws(InvalidTopology) -> Made {
    Made(request: request, record: record, topology: try load(request, record))
  }

  func withServices(_ topology: Topology) -> Topology { topology.withServices(managedServer: managedServer) }
}
