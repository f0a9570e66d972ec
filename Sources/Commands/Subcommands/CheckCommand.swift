import ArgumentParser
import Supervisor
import Topology

struct CheckCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say all that is wrong with a topology, and the memory that it will take.",
    discussion: """
      Exits with 65 if there is an error; warnings do not change that. With --format json the answer is an array of \
      {file, line, column, endColumn, severity, message, help}.

      Examples:
        mporch check
        mporch check wordcount.yaml --format json
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @OptionGroup var topology: TopologyOptions

  @Option(help: "The form of the answer.")
  var format = Format.text

  func run(in context: CommandContext) throws -> ExitStatus {
    let reading = TopologyReading(topology.request, in: context)
    var result = reading.read(try reading.files())
    if let excess = result.topology.flatMap(MemoryText.excess) {
      result.diagnostics.append(excess)
      result.topology = nil
    }
    context.output.write(try render(result, context.output, context.environment))
    return TopologyReading.status(of: result)
  }

  private func render(
    _ result: LoadResult, _ output: OutputStream, _ environment: ProcessEnvironment
  ) throws -> String {
    if format == .json { return DiagnosticJSON.encode(result.diagnostics, sources: result.sources) }
    let renderer = DiagnosticRenderer(sources: result.sources, usesColour: output.hasColour(environment))
    let memory = result.topology.map { MemoryText.render($0, width: output.width) } ?? ""
    return renderer.render(result.diagnostics) + memory
  }
}
