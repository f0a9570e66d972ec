// SIGNATURE ONLY on this branch.
package import Sharing
package import Topology

/// The life of a worker after the fork: everything that a kind needs, then its end.
package struct WorkerProcess {
  package var topology: Topology
  package var process: Int          // index into topology.processes
  package var replica: Int          // from 1
  package var worker: Int           // index into the arena's worker table
  package var arena: Arena
  /// Descriptor numbers of the standard streams of `mporch up`, if this worker was given them, else nil.
  package var upStandardInput: Int32?
  package var upStandardOutput: Int32?

  package init(topology: Topology, process: Int, replica: Int, worker: Int, arena: Arena, upStandardInput: Int32?, upStandardOutput: Int32?) { fatalError() }

  /// Runs the kind in this process and exits it. The child has already its own session, signal mask, descriptors.
  package func run(kinds: [any Kind.Type]) -> Never { fatalError() }
}

