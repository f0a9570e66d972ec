import ArgumentParser
import Topology

struct TasksCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "List the built-in kinds, or all about one of them.",
    discussion: """
      A kind is what a process names with 'task:'. Each declares the queues and pipes that it reads (in) and writes \
      (out), the resources that it works on (use) and its parameters (with).

      Examples:
        mporch tasks
        mporch tasks count-words
        mporch tasks --format json
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, markdown
  }

  @ArgumentParser.Argument(help: "Only this kind.")
  var kind: String?

  @Option(help: "The form of the answer.")
  var format = Format.table

  func run(in context: CommandContext) throws -> ExitStatus {
    let all = context.kinds.map { $0.signature }.sorted { $0.name < $1.name }
    let chosen = try kind.map { [try Self.find($0, in: all)] } ?? all
    switch format {
    case .json: context.output.write(JSONOutput.pretty(chosen.map(KindRecord.init)))
    case .markdown where kind != nil: context.output.write(KindMarkdown.page(chosen[0]))
    case .markdown: context.output.write(KindMarkdown.render(chosen))
    case .table where kind != nil: context.output.write(KindText.page(chosen[0], width: context.output.width))
    case .table: context.output.write(KindText(kinds: chosen, width: context.output.width).list())
    }
    return .success
  }

  private static func find(_ name: String, in kinds: [KindSignature]) throws(CommandFailure) -> KindSignature {
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    let names = kinds.map(\.name)
    throw CommandFailure(
      .usage, "there is no kind '\(name)'",
      help: nearest(to: name, among: names).map { "did you mean '\($0)'?" }
        ?? "the kinds are \(names.joined(separator: ", "))")
  }
}
