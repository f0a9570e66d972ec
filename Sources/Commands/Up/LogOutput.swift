import Logs
import Platform
import Supervisor
import Topology
import Workers

/// Where the output of a foreground run goes: whole lines, rendered into memory and written as fast as it is taken.
final class LogOutput {
  /// No more is read from the run once so much was rendered, until all of it is written: little enough for a cache.
  private static let batchByteCount = 256 << 10
  /// Once the run is being stopped, its last words are taken in though nobody reads: else it could not end.
  private static let batchByteCountWhileStopping = 64 << 20

  let stream: OutputStream
  /// By their index in frames of output.
  private var instances: [Int: String]
  private var renderer: LogChunkRenderer
  /// Bytes of the rendered output that are written.
  private var writtenByteCount = 0
  /// What was rendered before, and is written.
  private var earlierByteCount = 0

  /// `instances`: those of the start, by their index in frames of output.
  init(to stream: OutputStream, style: LogStyle, instances: [String], shown: [String]) {
    self.stream = stream
    self.instances = Dictionary(uniqueKeysWithValues: zip(instances.indices, instances))
    renderer = LogChunkRenderer(renderer: LogRenderer(style: style, instances: shown))
  }

  var pendingByteCount: Int { renderer.renderer.output.count - writtenByteCount }

  /// Of all that was ever rendered; what is written, or given up as nobody reads it.
  var position: (rendered: Int, written: Int) {
    (earlierByteCount + renderer.renderer.output.count, earlierByteCount + writtenByteCount)
  }

  func hasRoom(isStopping: Bool) -> Bool {
    renderer.renderer.output.count < (isStopping ? Self.batchByteCountWhileStopping : Self.batchByteCount)
  }

  func append(_ chunk: UnsafeRawBufferPointer, instance: Int, stream: FrameHeader.OutputStream, time: Int64) {
    guard let name = instances[instance] else { return }
    let stream = stream == .stdout ? LogStream.stdout : .stderr
    if chunk.isEmpty {
      renderer.finish(instance: name, stream: stream, timeNanoseconds: time)
    } else {
      renderer.append(chunk, instance: name, stream: stream, timeNanoseconds: time)
    }
  }

  /// The terminal shows a line that has not ended.
  var endsWithinLine: Bool { renderer.endsWithinLine }
  func endLine() { renderer.endLine() }

  func join(_ newcomers: [Int: String]) { instances.merge(newcomers) { $1 } }

  /// The run has ended: what no newline ended is a line too.
  func finish() { renderer.finishAll(timeNanoseconds: WallClock.now) }

  /// Writes a part of what waits, if `poll` says that the stream is writable.
  func writeSome() {
    let bytes = renderer.renderer.output.bytes
    writtenByteCount += stream.writeSome(UnsafeRawBufferPointer(rebasing: bytes[writtenByteCount...]))
    guard writtenByteCount == bytes.count else { return }
    earlierByteCount += bytes.count
    renderer.renderer.output.removeAll()
    writtenByteCount = 0
  }
}

/// Which standard stream of a foreground run takes the logs.
enum UpStreams {
  /// Standard output, unless a process writes its results there.
  static func logs(of topology: Topology, in context: CommandContext) -> OutputStream {
    let signatures = Dictionary(context.kinds.map { ($0.signature.name, $0.signature) }, uniquingKeysWith: { $1 })
    let writesToOutput = topology.processes.contains { process in
      guard case .kind(let name, _) = process.work, let signature = signatures[name] else { return false }
      return UpStreamUse(process, signature: signature).writesOutput
    }
    return writesToOutput ? context.errorOutput : context.output
  }
}
