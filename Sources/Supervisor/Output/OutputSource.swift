internal import Logs
internal import Platform

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
