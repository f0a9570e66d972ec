import ArgumentParser
import Topology

struct SchemaCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON schema of topologies, for editors.",
    discussion: """
      With it an editor that has a YAML language server completes and explains keys, kinds and parameters.

      Example:
        mporch schema > mporch.schema.json
        # then, as the first line of a topology:
        # yaml-language-server: $schema=mporch.schema.json
      """)

  func run(in context: CommandContext) -> ExitStatus {
    context.output.write(TopologySchema.text(signatures: context.kinds.map { $0.signature }))
    return .success
  }
}
