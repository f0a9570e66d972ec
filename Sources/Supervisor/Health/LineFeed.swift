internal import Logs
internal import Platform
internal import SystemPackage

/// Hands an instance's lines to the process that looks through them, as fast as it takes them.
///
/// A line that is too long is several. None is passed over: whoever prints faster than can be looked through is to wait.
/// What has begun of a line is looked through too, as a line of its own: it may be that no more comes.
final class LineFeed {
  /// As long as a piece of a line in the log.
  static let maxLineByteCount = 16 << 10
  static let highWater = 1 << 20
  static let lowWater = 256 << 10

  private let pipe: Descriptor
  private let loop: EventLoop
  private var watch: EventLoop.Watch?
  private var outgoing = OutgoingBytes()
  private let stdout = LineAssembler(maxByteCount: maxLineByteCount)
  private let stderr = LineAssembler(maxByteCount: maxLineByteCount)
  /// What has begun on these streams is to be looked through when all before it is handed over.
  private var unfinished: Set<LogStream> = []
  private var isFinished = false
  private var isCongested = false
  /// Whether what it is fed with should be produced no faster.
  var onCongestion: (_ isCongested: Bool) -> Void = { _ in }
  /// All was handed over, or nobody is there to take it: the feed can be let go, which is the end for its reader.
  var onDone: () -> Void = {}

  init(_ pipe: consuming Descriptor, loop: EventLoop) throws(Errno) {
    try pipe.setNonBlocking()
    self.pipe = pipe
    self.loop = loop
  }

  deinit { unwatch() }

  /// An empty chunk is the stream's end.
  func append(_ stream: LogStream, _ chunk: UnsafeRawBufferPointer) {
    let assembler = stream == .stdout ? stdout : stderr
    if chunk.isEmpty {
      assembler.finish { line, _ in add(line) }
    } else {
      assembler.feed(chunk) { line, _ in add(line) }
      unfinished.insert(stream)
    }
    flush()
  }

  /// Who looks through the lines has taken all of them.
  var isTaken: Bool { outgoing.isEmpty && pipe.unreadByteCount == 0 }

  /// Nothing more will come.
  func finish() {
    isFinished = true
    flush()
  }

  private func add(_ line: UnsafeRawBufferPointer) {
    outgoing.append(line)
    outgoing.append([UInt8(ascii: "\n")])
  }

  private func addUnfinished() -> Bool {
    for stream in unfinished {
      let begun = (stream == .stdout ? stdout : stderr).unfinished
      if !begun.isEmpty { add(begun) }
    }
    unfinished = []
    return !outgoing.isEmpty
  }

  private func flush() {
    do throws(Errno) {
      try outgoing.write(to: pipe)
      if outgoing.isEmpty, addUnfinished() { try outgoing.write(to: pipe) }
      if !isCongested, outgoing.count > Self.highWater { setCongested(true) }
      if isCongested, outgoing.count < Self.lowWater { setCongested(false) }
      if !outgoing.isEmpty {
        if watch == nil { watch = try loop.watch(pipe.number, .write) { [unowned self] _ in flush() } }
        return
      }
      unwatch()
      if isFinished { onDone() }
    } catch {
      unwatch()
      onDone()
    }
  }

  private func setCongested(_ isCongested: Bool) {
    self.isCongested = isCongested
    onCongestion(isCongested)
  }

  private func unwatch() {
    if let watch = watch.take() { loop.unwatch(watch) }
  }
}
