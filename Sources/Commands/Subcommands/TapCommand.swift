import ArgumentParser
import Supervisor

struct TapCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "tap", abstract: "Watch what comes through a queue, without taking it.",
    discussion: """
      Shows items that are put from now on, until the queue or the run ends; any queue can be watched. It never holds \
      up the run: of what comes faster than a thousand items or a megabyte a second a part is shown, and the rest is \
      counted: (12,345 not shown).

      Examples:
        mporch tap lines
        mporch tap lines -n 5
        mporch tap counts --format json | jq .
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(help: "A queue.", completion: .custom { _, _, _ in RunCompletion.resources() })
  var queue: String

  @Option(name: [.customShort("n"), .long], help: ArgumentHelp("End after so many items.", valueName: "count"))
  var items: Int?

  @OptionGroup var run: RunOptions

  @Option(help: "The form of an item; json is one value a line, and {\"notShown\": 12345} where some were not.")
  var format = Format.text

  func validate() throws {
    if let items, items < 1 { throw ValidationError("-n is at least 1") }
  }

  func run(in context: CommandContext) throws -> ExitStatus {
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    try connection.send(.tap(resource: queue))
    var left = items ?? .max
    while left > 0 {
      switch try connection.next(while: context.output) {
      case .ready?: break
      case .tapped(let found, let notShown)?:
        let shown = found.prefix(left)
        left -= shown.count
        for item in shown { context.output.write(item: item, isJSON: format == .json) }
        if notShown > 0, left > 0 { tell(notShown, context) }
      case .finished(let end)?:
        context.errorOutput.write("mporch: \(end == .runEnded ? "the run has ended" : "'\(queue)' is closed")\n")
        return .success
      case nil: return try leave(connection, context)
      default: throw CommandFailure.unexpectedReply
      }
    }
    return .success
  }

  private func tell(_ count: UInt64, _ context: CommandContext) {
    switch format {
    case .json: context.output.write("{\"notShown\":\(count)}\n")
    case .text: context.errorOutput.write("(\(Self.grouped(count)) not shown)\n")
    }
  }

  /// Nobody reads what is shown, or nobody is there who tells.
  private func leave(_ connection: ControlConnection, _ context: CommandContext) throws -> ExitStatus {
    if context.output.isBroken { return .success }
    throw connection.lost()
  }

  /// `12,345`
  static func grouped(_ number: UInt64) -> String {
    var digits = Array("\(number)")
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return String(digits)
  }
}
