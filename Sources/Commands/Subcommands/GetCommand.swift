import ArgumentParser
import Supervisor

struct GetCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Take items from an external queue of a run, or read a value or an array.",
    discussion: """
      Waits for an item. The queue has it back if this command ends before it has written it. Only a queue that the file \
      declares 'external: true' can be taken from; 'mporch tap' watches the others. Elements of an array count from 1.

      Examples:
        mporch get results
        mporch get results -n 10 --timeout 5s
        mporch get results --all
        mporch get results --follow --format json | jq .
        mporch get total
        mporch get 'squares[2..4]'
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(
    help: "A queue, a value, an array, or elements of it.", completion: .custom { _, _, _ in RunCompletion.resources() }
  )
  var resource: String

  @Option(name: [.customShort("n"), .long], help: ArgumentHelp("So many items of a queue.", valueName: "count"))
  var items: Int?

  @Flag(help: "All items that are there now; waits for none.")
  var all = false

  @Flag(help: "Item after item, until the queue or the run ends, or none comes for the time of --timeout.")
  var follow = false

  @Option(
    help: ArgumentHelp("The longest wait for an item; 0: none.", valueName: "duration"),
    transform: DurationArgument.parse)
  var timeout: DurationArgument?

  @OptionGroup var run: RunOptions

  @Option(help: "The form: text as it is, or JSON, one item a line.")
  var format = Format.text

  func validate() throws {
    if let items, items < 1 { throw ValidationError("-n is at least 1") }
    if [items != nil, all, follow].count(where: { $0 }) > 1 {
      throw ValidationError("give one of -n, --all and --follow")
    }
    if all, timeout != nil { throw ValidationError("--all waits for nothing: --timeout has no meaning with it") }
  }

  func run(in context: CommandContext) throws -> ExitStatus {
    let reference = try ElementReference(resource)
    let locator = RunLocator(context)
    let connection = try locator.connect(to: locator.findAlive(run.request))
    var request = GetRequest(
      resource: reference.resource, firstElement: reference.elements?.lowerBound,
      elementCount: reference.elements?.count, itemLimit: items ?? (all || follow ? nil : 1),
      patienceSeconds: all ? 0 : timeout?.seconds)
    try connection.send(.get(request))
    while let reply = try connection.next(while: context.output) {
      switch reply {
      case .elements(let elements):
        return try show(elements, of: &request, connection, context.output)
      case .items(let items):
        for item in items { context.output.write(item: item, isJSON: format == .json) }
        if context.output.isBroken { return try leave(context.output) }
        // Where nobody takes that any more, the next reply says why.
        try? connection.send(CourierMessage.taken(items.count))
      case .finished(let end): return try conclude(end)
      default: throw CommandFailure.unexpectedReply
      }
    }
    if context.output.isBroken { return try leave(context.output) }
    throw connection.lost()
  }

  /// What was not written goes back.
  private func leave(_ output: OutputStream) throws -> ExitStatus {
    // Whoever reads has had enough, as `head` has; where a number was asked for, that is less.
    if items == nil, output.failure == nil { return .success }
    throw CommandFailure("the standard output takes nothing more; what was not written went back to '\(resource)'")
  }

  private func conclude(_ end: AccessEnd) throws -> ExitStatus {
    switch end {
    case .done: return .success
    case .timedOut where all: return .success
    case .timedOut where follow: return .success
    case .timedOut:
      throw CommandFailure("no item came from '\(resource)' within \(timeout.map { "\($0.seconds)s" } ?? "its time")")
    case .closed where follow || all, .runEnded where follow || all: return .success
    case .closed, .runEnded: throw CommandFailure("the run has ended: nothing more comes from '\(resource)'")
    }
  }

  // MARK: Values and arrays

  /// A part of a long array at a time.
  private func show(
    _ first: Elements, of request: inout GetRequest, _ connection: ControlConnection, _ output: OutputStream
  ) throws -> ExitStatus {
    if items != nil || all || follow || timeout != nil {
      throw CommandFailure(
        .usage,
        "'\(resource)' is \(first.length == nil ? "a value" : "an array"): -n, --all, --follow and --timeout are for queues"
      )
    }
    let isList = first.length != nil && (request.elementCount ?? 2) > 1
    let last = first.first + (request.elementCount ?? first.length ?? 1) - 1
    var elements = first
    if isList, format == .json { output.write("[") }
    while true {
      output.write(words(for: elements, isFirst: elements.first == first.first, isList: isList))
      let next = elements.first + elements.values.count
      guard next <= min(last, first.length ?? 1), !elements.values.isEmpty, !output.isBroken else { break }
      (request.firstElement, request.elementCount) = (next, last - next + 1)
      guard case .elements(let more) = try connection.ask(.get(request)) else { throw CommandFailure.unexpectedReply }
      elements = more
    }
    if isList, format == .json { output.write("]\n") }
    return .success
  }

  private func words(for elements: Elements, isFirst: Bool, isList: Bool) -> String {
    switch format {
    case .text: elements.values.map { "\($0)\n" }.joined()
    case .json where isList: (isFirst ? "" : ",") + elements.values.map(json).joined(separator: ",")
    case .json: elements.values.map { json($0) + "\n" }.joined()
    }
  }

  /// What JSON has no number for is a string there.
  private func json(_ number: ResourceStatus.Number) -> String {
    if case .float(let value) = number, !value.isFinite { "\"\(value)\"" } else { "\(number)" }
  }
}
