internal import Logs
internal import Platform
internal import SystemPackage

/// Reads what the workers print: each chunk goes to the instance's log file and to whoever else wants it.
final class OutputCollector {
  /// As much as a worker's pipe can hold: a dead worker has left no more.
  static let maxChunkByteCount = 1 << 20

  /// A chunk as it was read; empty: the stream has ended.
  typealias Forward = (_ instance: Int, LogStream, _ time: Int64, UnsafeRawBufferPointer) -> Void

  private let loop: EventLoop
  private let makeLog: (_ instance: Int) -> StoredLog
  var forward: Forward?
  /// By instance: who else wants its chunks, until its streams have ended.
  var taps: [Int: (LogStream, UnsafeRawBufferPointer) -> Void] = [:]
  /// When storing begins to fail, when it goes on, and what is lost in the end.
  var report: (LogCapture.Change) -> Void = { _ in }
  private var logs: [Int: StoredLog] = [:]
  private var sources: [Int: [OutputSource]] = [:]
  private var isPaused = false
  /// Instances that are to wait, since who taps them is slower.
  private var paused: Set<Int> = []
  private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: maxChunkByteCount, alignment: 4096)

  /// A log is made when its instance first prints something.
  init(loop: EventLoop, makeLog: @escaping (_ instance: Int) -> StoredLog) {
    self.loop = loop
    self.makeLog = makeLog
  }

  deinit { chunk.deallocate() }

  /// Takes over what a new life of an instance prints into.
  func add(_ source: OutputSource) throws(Errno) {
    try source.descriptor.setNonBlocking()
    if !isPaused, !paused.contains(source.instance) { try watch(source) }
    sources[source.instance, default: []].append(source)
  }

  /// The worker has died: everything that it printed is taken, and its streams end.
  func finish(_ instance: Int) {
    for source in sources.removeValue(forKey: instance) ?? [] {
      var byteCount = 0
      // Somebody whom the worker has started may still hold the pipe and write on: what the worker left is enough.
      while byteCount <= Self.maxChunkByteCount, let count = readChunk(of: source), count > 0 { byteCount += count }
      end(source)
    }
  }

  /// mporch's own words about an instance, for its log alone.
  func store(_ text: String, ofInstance instance: Int) {
    let time = WallClock.now
    let log = log(of: instance)
    // What has begun on this stream and not ended is a line by itself.
    tell(log.capture.finish(.stderr, timeNanoseconds: time))
    var line = text + "\n"
    tell(line.withUTF8 { log.capture.append(UnsafeRawBufferPointer($0), stream: .stderr, timeNanoseconds: time) })
  }

  /// The instance will print no more.
  func close(_ instance: Int) {
    tell(logs.removeValue(forKey: instance)?.capture.conclude(timeNanoseconds: WallClock.now))
  }

  /// All that the instance has printed so far has been passed on.
  func isUpToDate(_ instance: Int) -> Bool {
    (sources[instance] ?? []).allSatisfy { $0.descriptor.unreadByteCount == 0 }
  }

  /// The workers wait once their pipes are full: nothing is lost.
  func pause() {
    guard !isPaused else { return }
    isPaused = true
    for source in sources.values.joined() { unwatch(source) }
  }

  func resume() {
    guard isPaused else { return }
    isPaused = false
    for source in sources.values.joined() where !paused.contains(source.instance) { try? watch(source) }
  }

  /// One instance, whatever becomes of the others.
  func pause(_ instance: Int) {
    guard paused.insert(instance).inserted else { return }
    for source in sources[instance] ?? [] { unwatch(source) }
  }

  func resume(_ instance: Int) {
    guard paused.remove(instance) != nil, !isPaused else { return }
    for source in sources[instance] ?? [] { try? watch(source) }
  }

  private func unwatch(_ source: OutputSource) {
    if let watch = source.watch.take() { loop.unwatch(watch) }
  }

  private func watch(_ source: OutputSource) throws(Errno) {
    source.watch = try loop.watch(source.descriptor.number, .read) { [unowned self, unowned source] _ in
      if let count = readChunk(of: source), count == 0 { close(source) }
    }
  }

  /// The worker has closed the stream, and lives on.
  private func close(_ source: OutputSource) {
    sources[source.instance]?.removeAll { $0 === source }
    end(source)
  }

  private func end(_ source: OutputSource) {
    unwatch(source)
    let time = WallClock.now
    tell(logs[source.instance]?.capture.finish(source.stream, timeNanoseconds: time))
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    taps[source.instance]?(source.stream, nothing)
    forward?(source.instance, source.stream, time, nothing)
  }

  /// How many bytes; 0: the end; `nil`: nothing for now.
  private func readChunk(of source: OutputSource) -> Int? {
    // An error of a pipe's reading end is its end.
    guard case .count(let count) = (try? source.descriptor.read(into: chunk)) ?? .count(0) else { return nil }
    guard count > 0 else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: chunk[..<count])
    let time = WallClock.now
    tell(log(of: source.instance).capture.append(bytes, stream: source.stream, timeNanoseconds: time))
    taps[source.instance]?(source.stream, bytes)
    forward?(source.instance, source.stream, time, bytes)
    return count
  }

  private func log(of instance: Int) -> StoredLog {
    if let log = logs[instance] { return log }
    let log = makeLog(instance)
    logs[instance] = log
    return log
  }

  private func tell(_ change: LogCapture.Change?) {
    if let change { report(change) }
  }
}

/// The reading end of a worker's standard output or error, in one of its lives.
final class OutputSource {
  let instance: Int
  let stream: LogStream
  let descriptor: Descriptor
  /// `nil` while reading is paused.
  var watch: EventLoop.Watch?

  init(instance: Int, stream: LogStream, descriptor: consuming Descriptor) {
    self.instance = instance
    self.stream = stream
    self.descriptor = descriptor
  }
}

extension LogStream {
  var frameStream: FrameHeader.OutputStream { self == .stdout ? .stdout : .stderr }
}

/// The capture of one instance's output, shared by the tables that name it.
final class StoredLog {
  var capture: LogCapture

  init(_ capture: consuming LogCapture) { self.capture = capture }
}
