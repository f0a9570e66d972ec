import ArgumentParser
import Topology

struct GraphCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Print the topology as a picture: processes, what they share, which way items go.",
    discussion: """
      Examples:
        mporch graph wordcount.yaml | dot -Tsvg > wordcount.svg
        mporch graph --format mermaid
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case dot, mermaid
  }

  @OptionGroup var topology: TopologyOptions

  @Option(help: "The language of the picture: Graphviz's or Mermaid's.")
  var format = Format.dot

  func run(in context: CommandContext) throws -> ExitStatus {
    let loaded = try TopologyReading(topology.request, in: context).load()
    context.output.write(format == .dot ? loaded.topology.dot : loaded.topology.mermaid)
    return .success
  }
}
