import ArgumentParser
import Topology

struct ConfigCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print the topology as mporch understands it.",
    discussion: """
      Files merged, variables and aliases replaced, short forms written out, defaults filled in: a topology again.

      Examples:
        mporch config
        mporch config -f base.yaml -f local.yaml
      """)

  @OptionGroup var topology: TopologyOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let loaded = try TopologyReading(topology.request, in: context).load()
    context.output.write(
      ResolvedTopology.text(of: loaded.topology, signatures: context.kinds.map { $0.signature }))
    return .success
  }
}
