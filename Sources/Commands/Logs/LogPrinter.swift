import Logs
import Topology

/// Writes log records out, many at a time.
final class LogPrinter {
  private static let batchByteCount = 256 << 10

  private let output: OutputStream
  private var renderer: LogRenderer
  /// Whether to show what mporch notes of what goes as planned; its warnings and errors are shown always.
  private let showsNotes: Bool
  /// Where mporch's own words go; `nil`: among all others, as what an instance said.
  private let words: OutputStream?

  init(
    output: OutputStream, style: LogStyle, instances: [String], showsNotes: Bool, words: OutputStream? = nil
  ) {
    self.output = output
    self.showsNotes = showsNotes
    self.words = words
    renderer = LogRenderer(style: style, instances: instances)
  }

  func printAll(_ merge: LogMerge) throws {
    while !output.isBroken, let record = try merge.next() { append(record) }
    flush()
  }

  /// Goes on until the run has ended (`connection` then does) or nobody reads any more.
  func follow(_ follower: LogFollower, until connection: ControlConnection) throws {
    repeat {
      while !output.isBroken, let record = try follower.next() { append(record) }
      flush()
      guard output.waitForInput(on: [follower.descriptor.rawValue, connection.descriptor]), !output.isBroken else {
        return
      }
      try follower.update()
    } while !connection.isReadable
    try follower.end()
    while !output.isBroken, let record = try follower.next() { append(record) }
    flush()
  }

  private func append(_ record: LogRecord) {
    if record.instance == LogDirectory.ownInstance {
      if !showsNotes, record.text.starts(with: "note: ".utf8) { return }
      if let words {
        flush()
        return words.write(String(decoding: record.text, as: UTF8.self) + "\n")
      }
    }
    renderer.append(record)
    if renderer.output.count >= Self.batchByteCount { flush() }
  }

  private func flush() {
    output.write(renderer.output.bytes)
    renderer.output.removeAll()
  }
}

/// Chooses the instances that `mporch logs P…` means: a process stands for all its instances.
struct LogFilter {
  private let names: Set<String>

  /// No names: all. `known`: those that the run has, or had.
  init(_ names: [String], known: [String]) throws(CommandFailure) {
    self.names = Set(names)
    let valid = Set(known).union(known.compactMap { Self.process(of: $0) })
    for name in names where !valid.contains(name) {
      let list = valid.sorted()
      throw CommandFailure(
        "there is no log of a process '\(name)'",
        help: nearest(to: name, among: list).map { "did you mean '\($0)'?" }
          ?? (list.isEmpty ? "nothing was printed yet" : "there are \(list.joined(separator: ", "))"))
    }
  }

  func includes(_ instance: String) -> Bool {
    names.isEmpty || names.contains(instance) || Self.process(of: instance).map(names.contains) ?? false
  }

  /// `count` of `count-2`; `nil` for what is no instance.
  static func process(of instance: String) -> String? {
    guard let dash = instance.lastIndex(of: "-"), Int(instance[instance.index(after: dash)...]) != nil else {
      return nil
    }
    return String(instance[..<dash])
  }
}

extension LogStyle {
  /// As it suits where the lines go.
  init(for stream: OutputStream, environment: ProcessEnvironment, hasPrefix: Bool, hasTimestamp: Bool) {
    self.init()
    target = stream.isTerminal ? .terminal : .file
    hasColour = stream.hasColour(environment)
    self.hasPrefix = hasPrefix
    self.hasTimestamp = hasTimestamp
  }
}
