#if Lua
  import Testing

  /// Every sort of producer puts the same items through every sort of channel to every sort of consumer: they arrive
  /// whole and in order, last line without a newline and all.
  ///
  /// Seen to fail: a pipe that has two ways in (texts into narrow pipes arrive out of order, twice or not at all).
  @Suite(.serialized) struct ChannelMatrixTests {
    @Test(arguments: Producer.allCases) func everyItemArrivesInOrder(_ producer: Producer) throws {
      try World.with { world in
        let lines = producer.form.lines
        _ = try world.write("lines.txt", lines.joined(separator: "\n"))
        let chains = Chain.all(of: producer)
        let file = try world.write("matrix.yaml", topology(of: chains))
        let up = try world.run("up", file, within: 120)
        #expect(up.status == 0, "\(up.errors.prefix(4000))")
        let printed = linesByInstance(up.text)
        for chain in chains {
          let arrived = chain.consumer == .file ? chain.written(in: world) : printed[chain.shown] ?? []
          #expect(
            arrived == lines, "\(chain): \(arrived.count) of \(lines.count) lines; \(chain.difference(arrived, lines))")
        }
      }
    }

    private func topology(of chains: [Chain]) -> String {
      func section(_ name: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(name):\n" + lines.map { "  \($0)\n" }.joined()
      }
      return section("queues", chains.flatMap(\.queues)) + section("pipes", chains.compactMap(\.pipe))
        + section("processes", chains.flatMap(\.processes))
    }

    private func linesByInstance(_ text: String) -> [String: [String]] {
      var lines: [String: [String]] = [:]
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        guard let mark = line.firstIndex(of: "|") else { continue }
        let name = line[..<mark].prefix { $0 != " " }
        lines[String(name), default: []].append(String(line[mark...].dropFirst(2)))
      }
      return lines
    }
  }

  /// What the items of a chain are, and how a line of text shows each.
  private enum Form {
    case text, number, list

    static let numbers = 0..<150

    /// Some are empty, some nearly as large as the narrow channels.
    static func pad(_ number: Int) -> String { String(repeating: "x", count: number * number * 7919 % 3000) }

    var lines: [String] {
      switch self {
      case .text: Self.numbers.map { $0 % 10 == 3 ? "" : "\($0) é \(Self.pad($0))" }
      case .number: Self.numbers.map { "\($0)" }
      case .list: Self.numbers.map { "[\($0), \"\(Self.pad($0))\"]" }
      }
    }

    /// Of a Lua variable `x`.
    var script: String { self == .list ? "string.format('[%d, \"%s\"]', x[1], x[2])" : "x" }
    var narrowBytes: String { self == .number ? "64" : "4KiB" }
  }

  enum Producer: CaseIterable {
    case readLines, textScript, textCommand, textMap
    case range, numberScript, numberCommand, converted
    case listScript, listCommand, listMap

    fileprivate var form: Form {
      switch self {
      case .readLines, .textScript, .textCommand, .textMap: .text
      case .range, .numberScript, .numberCommand, .converted: .number
      case .listScript, .listCommand, .listMap: .list
      }
    }

    /// Its declaration but for `out`; what it reads from `NAME_q`, if anything, are the numbers.
    fileprivate var declaration: String {
      func text(_ item: String) -> String { "\(item) % 10 == 3 and '' or \(item) .. ' é ' .. \(pad(item))" }
      func pad(_ item: String) -> String { "('x'):rep(\(item) * \(item) * 7919 % 3000)" }
      switch self {
      case .readLines: return "task: read-lines, with: {path: lines.txt}"
      case .textCommand: return "run: [cat, lines.txt]"
      case .numberCommand, .listCommand: return "run: [cat, lines.txt], with: {format: json}"
      case .range: return "task: range, with: {stop: \(Form.numbers.count)}"
      case .textMap: return "task: map, in: NAME_q, with: {expr: \"\(text("item"))\"}"
      case .listMap: return "task: map, in: NAME_q, with: {expr: \"{item, \(pad("item"))}\"}"
      case .converted: return "task: compute, in: NAME_q, with: {function: abs}"
      case .textScript: return script(text("i"))
      case .numberScript: return script("i")
      case .listScript: return script("{i, \(pad("i"))}")
      }
    }

    /// Of the channel: all that take its items.
    fileprivate var types: [String] {
      switch self {
      case .readLines: ["string", "any"]
      case .range: ["int64", "any"]
      default:
        switch form {
        case .text: ["string", "bytes", "any"]
        case .number: ["int64", "uint16", "any"]
        case .list: ["any"]
        }
      }
    }

    private func script(_ item: String) -> String {
      "script: \"for i = 0, \(Form.numbers.count - 1) do (output.put or output.send)(output, \(item)) end\""
    }

    fileprivate var readsNumbers: Bool { [.textMap, .listMap, .converted].contains(self) }
  }

  private enum Channel: CaseIterable {
    case queueOfOne, narrowQueue, queue, narrowPipe, pipe, narrowDuplex

    var isQueue: Bool { [.queueOfOne, .narrowQueue, .queue].contains(self) }

    func declaration(_ form: Form, type: String) -> String {
      switch self {
      case .queueOfOne: "{capacity: 1, type: \(type)}"
      case .narrowQueue: "{bytes: \(form.narrowBytes), type: \(type)}"
      case .queue: "{type: \(type)}"
      case .narrowPipe: "{duplex: false, bytes: \(form.narrowBytes), type: \(type)}"
      case .pipe: "{duplex: false, type: \(type)}"
      case .narrowDuplex: "{bytes: \(form.narrowBytes), type: \(type)}"
      }
    }
  }

  private enum Consumer: CaseIterable {
    case print, file, script, slowScript, command, replies, map
  }

  private struct Chain: CustomStringConvertible {
    let name: String
    let producer: Producer
    let channel: Channel
    let type: String
    let consumer: Consumer

    /// Types in turn: each meets every channel and consumer with some producer.
    static func all(of producer: Producer) -> [Chain] {
      var chains: [Chain] = []
      for channel in Channel.allCases {
        for consumer in Consumer.allCases {
          let types = producer.types
          let turn = chains.count + Producer.allCases.firstIndex(of: producer)!
          chains.append(
            Chain(
              name: "c\(chains.count)", producer: producer, channel: channel, type: types[turn % types.count],
              consumer: consumer))
        }
      }
      return chains
    }

    var description: String { "\(producer) through \(channel) of \(type) to \(consumer) (\(name))" }
    var shown: String { hasAnswers ? "\(name)_p-1" : "\(name)_c-1" }
    var hasAnswers: Bool { [.replies, .map].contains(consumer) }

    var queues: [String] {
      var lines: [String] = []
      if channel.isQueue { lines.append("\(name): \(channel.declaration(producer.form, type: type))") }
      if producer.readsNumbers { lines.append("\(name)_q: {type: int64}") }
      if hasAnswers { lines.append("\(name)_a: {capacity: 2}") }
      return lines
    }

    var pipe: String? { channel.isQueue ? nil : "\(name): \(channel.declaration(producer.form, type: type))" }

    var processes: [String] {
      let (out, into) = channel == .narrowDuplex ? ("\(name).a", "\(name).b") : (name, name)
      let source = producer.declaration.replacing("NAME", with: name)
      var lines = ["\(name)_s: {\(source), out: \(out)}", "\(name)_c: {\(reader), in: \(into)}"]
      if producer.readsNumbers {
        lines.append("\(name)_n: {task: range, with: {stop: \(Form.numbers.count)}, out: \(name)_q}")
      }
      if hasAnswers { lines.append("\(name)_p: {task: print, in: \(name)_a}") }
      return lines
    }

    private var reader: String {
      let items = channel.isQueue ? "input:items()" : "function() return (input:receive()) end"
      let form = producer.form
      switch consumer {
      case .print: return "task: print"
      case .file: return "task: write-lines, with: {path: \(name).out}"
      case .script: return quoted("for x in \(items) do print(\(form.script)) end")
      case .slowScript: return quoted("for x in \(items) do sleep(0.001) print(\(form.script)) end")
      case .command: return "run: [cat]"
      case .replies: return "run: [sed, -u, ''], with: {replies: each, format: json}, out: \(name)_a"
      case .map: return "task: map, with: {expr: item}, out: \(name)_a"
      }
    }

    private func quoted(_ script: String) -> String {
      "script: \"\(script.replacing("\"", with: "\\\""))\""
    }

    func written(in world: World) -> [String] {
      let text = readText("\(world.folder)/\(name).out")
      return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    func difference(_ arrived: [String], _ expected: [String]) -> String {
      guard let place = zip(arrived, expected).enumerated().first(where: { $1.0 != $1.1 }) else { return "cut short" }
      return "first at \(place.offset): \(place.element.0.prefix(40)) instead of \(place.element.1.prefix(40))"
    }
  }
#endif
