/// Which records to read.
package struct LogQuery {
  /// Whether to read the log of the instance of this name.
  package var includes: (String) -> Bool
  /// The last so many lines *of each instance*, as Docker Compose counts them, of those within the times.
  package var tail: Int?
  /// Nanoseconds since 1970; records at this time are included.
  package var since: Int64?
  /// Nanoseconds since 1970; records at this time are included.
  package var until: Int64?

  package init(
    includes: @escaping (String) -> Bool = { _ in true }, tail: Int? = nil, since: Int64? = nil, until: Int64? = nil
  ) {
    self.includes = includes
    self.tail = tail
    self.since = since
    self.until = until
  }
}
