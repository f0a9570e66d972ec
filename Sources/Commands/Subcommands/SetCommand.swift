import ArgumentParser
import Supervisor

struct SetCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a value, an element of an array, or a whole array, of a run.",
    discussion: """
      Each number is stored at once, as a whole. One that its type does not hold is an error, and then nothing is \
      changed. Elements count from 1.

      Examples:
        mporch set total 100
        mporch set 'squares[3]' -5
        mporch set squares 1 4 9 16
        mporch set squares '[1, 4, 9, 16]'
      """)

  @Argument(
    help: "A value, or an array, or an element of it.", completion: .custom { _, _, _ in RunCompletion.resources() })
  var resource: String

  // A negative number looks like an option.
  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("What it is to be.", valueName: "number"))
  var numbers: [String]

  @OptionGroup var run: RunOptions

  func run(in context: CommandContext) throws -> ExitStatus {
    let numbers = try DashedArguments.words(numbers)
    let reference = try ElementReference(resource)
    if let elements = reference.elements, elements.count > 1 {
      throw CommandFailure(.usage, "'\(resource)' names several elements", help: "set one, or all of the array")
    }
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    let request = ControlRequest.set(
      resource: reference.resource, element: reference.elements?.lowerBound, values: numbers)
    guard case .done = try connection.ask(request) else { throw CommandFailure.unexpectedReply }
    return .success
  }
}
