import Logs

/// Writes log records out, many at a time.
final class LogPrinter {
  private static let batchByteCount = 256 << 10

  private let output: OutputStream
  private var renderer: LogRenderer
  /// Whether to show what mporch notes of what goes as planned; its warnings and errors are shown always.
  private let showsNotes: Bool

  init(output: OutputStream, style: LogStyle, instances: [String], showsNotes: Bool) {
    self.output = output
    self.showsNotes = showsNotes
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
    if !showsNotes, record.instance == LogDirectory.ownInstance, record.text.starts(with: "note: ".utf8) { return }
    renderer.append(record)
    if renderer.output.count >= Self.batchByteCount { flush() }
  }

  private func flush() {
    output.write(renderer.output.bytes)
    renderer.output.removeAll()
  }
}
