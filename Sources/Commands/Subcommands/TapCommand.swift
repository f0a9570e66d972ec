import ArgumentParser
import Logs
import Platform
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
    var skipped = Skipped()
    while left > 0 {
      switch try connection.next(while: context.output) {
      case .ready?: break
      case .tapped(let found, let notShown)?:
        let shown = found.prefix(left)
        left -= shown.count
        for item in shown { context.output.write(item: item, isJSON: format == .json) }
        skipped.count += notShown
        if skipped.isDue { tell(&skipped, context) }
      case .finished(let end)?:
        tell(&skipped, context)
        context.errorOutput.write("mporch: \(end == .runEnded ? "the run has ended" : "'\(queue)' is closed")\n")
        return .success
      case nil: return try leave(connection, context)
      default: throw CommandFailure.unexpectedReply
      }
    }
    tell(&skipped, context)
    return .success
  }

  /// What came through and was not shown, told now and then.
  private struct Skipped {
    private static let pauseNanoseconds: Int64 = 1_000_000_000
    var count: UInt64 = 0
    var toldAt: Int64 = 0

    var isDue: Bool { count > 0 && WallClock.now - toldAt >= Self.pauseNanoseconds }
  }

  private func tell(_ skipped: inout Skipped, _ context: CommandContext) {
    guard skipped.count > 0 else { return }
    switch format {
    case .json: context.output.write("{\"notShown\":\(skipped.count)}\n")
    case .text: context.errorOutput.write("(\(Self.grouped(skipped.count)) not shown)\n")
    }
    skipped = Skipped(toldAt: WallClock.now)
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
