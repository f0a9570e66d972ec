import Supervisor
import Topology
import Workers

/// Which standard stream of a foreground run takes the logs.
enum UpStreams {
  /// Standard output, unless a process writes its results there.
  static func logs(of topology: Topology, in context: CommandContext) -> OutputStream {
    let signatures = Dictionary(context.kinds.map { ($0.signature.name, $0.signature) }, uniquingKeysWith: { $1 })
    let writesToOutput = topology.processes.contains { process in
      guard case .kind(let name, _) = process.work, let signature = signatures[name] else { return false }
      return UpStreamUse(process, signature: signature).writesOutput
    }
    return writesToOutput ? context.errorOutput : context.output
  }
}
