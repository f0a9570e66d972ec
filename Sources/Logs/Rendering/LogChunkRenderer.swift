import Text

/// Renders raw chunks, as a foreground run's client gets them, in whole lines; lines of different instances or streams
/// never mix. A line is given out when it ends, and has the time of the chunk that ended it.
///
/// On a terminal a line is shown as far as it has come. What comes of it later follows there, or, where another line has
/// been shown in between, on a line of its own: nothing is shown twice.
///
/// A line over `LogReader.maxTextByteCount` is given out in pieces of that size, each as a line.
package struct LogChunkRenderer: ~Copyable {
  private struct Source: Hashable {
    var instance: String
    var stream: LogStream
  }

  package var renderer: LogRenderer
  private var assemblers: [Source: LineAssembler] = [:]
  /// Bytes of lines that have not ended, and are shown.
  private var shown: [Source: Int] = [:]
  /// Whose line is the last one in the output, without its end.
  private var open: Source?

  package init(renderer: consuming LogRenderer) { self.renderer = renderer }

  /// What comes next begins on the line of something else.
  package var endsWithinLine: Bool { open != nil }

  /// Something else is to be shown on the terminal.
  package mutating func endLine() {
    if open.take() != nil { renderer.endLine() }
  }

  /// Adds the lines that `chunk` completes to the renderer's output.
  package mutating func append(
    _ chunk: UnsafeRawBufferPointer, instance: String, stream: LogStream, timeNanoseconds: Int64
  ) {
    let source = Source(instance: instance, stream: stream)
    let assembler = assemblers[source] ?? LineAssembler(maxByteCount: LogReader.maxTextByteCount)
    assemblers[source] = assembler
    var record = LogRecord(timeNanoseconds: timeNanoseconds, instance: instance, stream: stream, text: chunk)
    if !renderer.showsUnfinishedLines {
      return assembler.feed(chunk) { text, _ in
        record.text = text
        renderer.append(record)
      }
    }
    assembler.feed(chunk) { text, _ in
      record.text = text
      show(record, of: source, isWhole: true)
    }
    record.text = assembler.unfinished
    if !record.text.isEmpty { show(record, of: source, isWhole: false) }
  }

  private mutating func show(_ record: LogRecord, of source: Source, isWhole: Bool) {
    let before = min(shown[source] ?? 0, record.text.count)
    var rest = record
    rest.text = UnsafeRawBufferPointer(rebasing: record.text[before...])
    // A character, or a colour, of which only a part has come is not shown yet.
    if !isWhole { rest.text = TerminalText.completePart(of: rest.text) }
    shown[source] = isWhole ? nil : before + rest.text.count
    if open == source {
      renderer.append(rest, part: isWhole ? .end : [])
    } else if before == 0 || !rest.text.isEmpty {
      if !isWhole, rest.text.isEmpty { return }
      endLine()
      renderer.append(rest, part: isWhole ? .whole : .start)
    }
    if isWhole, open != source { return }
    open = isWhole ? nil : source
  }

  /// The stream has ended: its last line is given out though no newline ended it.
  package mutating func finish(instance: String, stream: LogStream, timeNanoseconds: Int64) {
    let source = Source(instance: instance, stream: stream)
    let ended = assemblers.removeValue(forKey: source)
    ended?.finish { text, _ in
      let record = LogRecord(timeNanoseconds: timeNanoseconds, instance: instance, stream: stream, text: text)
      if renderer.showsUnfinishedLines { show(record, of: source, isWhole: true) } else { renderer.append(record) }
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
