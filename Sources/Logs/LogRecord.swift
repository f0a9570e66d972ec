/// One line that an instance printed.
package struct LogRecord {
  /// Nanoseconds since 1970-01-01T00:00:00Z at which the line was complete.
  package var timeNanoseconds: Int64
  package var instance: String
  package var stream: LogStream
  /// The line without its newline, as it was printed. Lent: whoever gives out a record says how long it is valid.
  package var text: UnsafeRawBufferPointer

  package init(timeNanoseconds: Int64, instance: String, stream: LogStream, text: UnsafeRawBufferPointer) {
    self.timeNanoseconds = timeNanoseconds
    self.instance = instance
    self.stream = stream
    self.text = text
  }
}

/// The standard stream that a worker printed on.
package enum LogStream: String, Sendable, Hashable, CaseIterable {
  case stdout, stderr
}
