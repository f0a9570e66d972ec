/// Renders raw chunks, as a foreground run's client gets them, in whole lines; lines of different instances or streams
/// never mix. A line is given out when it ends, and has the time of the chunk that ended it.
///
/// A line over `LogReader.maxTextByteCount` is given out in pieces of that size, each as a line.
package struct LogChunkRenderer: ~Copyable {
  private struct Source: Hashable {
    var instance: String
    var stream: LogStream
  }

  package var renderer: LogRenderer
  private var assemblers: [Source: LineAssembler] = [:]

  package init(renderer: consuming LogRenderer) { self.renderer = renderer }

  /// Adds the lines that `chunk` completes to the renderer's output.
  package mutating func append(
    _ chunk: UnsafeRawBufferPointer, instance: String, stream: LogStream, timeNanoseconds: Int64
  ) {
    let source = Source(instance: instance, stream: stream)
    let assembler = assemblers[source] ?? LineAssembler(maxByteCount: LogReader.maxTextByteCount)
    assemblers[source] = assembler
    var record = LogRecord(timeNanoseconds: timeNanoseconds, instance: instance, stream: stream, text: chunk)
    assembler.feed(chunk) { text, _ in
      record.text = text
      renderer.append(record)
    }
  }

  /// The stream has ended: its last line is given out though no newline ended it.
  package mutating func finish(instance: String, stream: LogStream, timeNanoseconds: Int64) {
    let ended = assemblers.removeValue(forKey: Source(instance: instance, stream: stream))
    ended?.finish { text, _ in
      renderer.append(
        LogRecord(timeNanoseconds: timeNanoseconds, instance: instance, stream: stream, text: text))
    }
  }

  /// All streams have ended.
  package mutating func finishAll(timeNanoseconds: Int64) {
    let sources = assemblers.keys.sorted { ($0.instance, $0.stream.rawValue) < ($1.instance, $1.stream.rawValue) }
    for source in sources {
      finish(instance: source.instance, stream: source.stream, timeNanoseconds: timeNanoseconds)
    }
  }
}
