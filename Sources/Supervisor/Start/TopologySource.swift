package import Topology

/// Makes a run's topology of what a client asks for, at its start and whenever it is to change.
package struct TopologySource {
  private let managedServer: String
  private let load: (StartRequest, FileRecord) throws(Refusal) -> Topology

  /// What a topology was made of: with other settings it can be made of the same files again.
  struct Made {
    var request: StartRequest
    var record: FileRecord
    /// Without services.
    var topology: Topology
  }

  /// `load` reads what the record does not have, and enters it there. `managedServer`: the script of that server.
  package init(
    managedServer: String, load: @escaping (StartRequest, FileRecord) throws(Refusal) -> Topology
  ) {
    self.managedServer = managedServer
    self.load = load
  }

  /// Of what the client has sent.
  func make(_ request: StartRequest) throws(Refusal) -> Made {
    var bare = request
    bare.contents = [:]
    return try make(bare, of: FileRecord(request.contents.mapValues(\.content)))
  }

  func make(_ request: StartRequest, of record: FileRecord) throws(Refusal) -> Made {
    Made(request: request, record: record, topology: try load(request, record))
  }

  func withServices(_ topology: Topology) -> Topology { topology.withServices(managedServer: managedServer) }
}
