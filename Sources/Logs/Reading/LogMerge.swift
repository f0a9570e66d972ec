import SystemPackage

/// Reads the logs of many instances as one, in order of time; records of one instance keep their order, and at equal
/// times the instance that was added first comes first.
package final class LogMerge {
  /// A reader whose next record is known; the earliest one is at the top of the heap.
  private struct Head {
    var record: LogRecord
    var reader: Int

    func isBefore(_ other: Head) -> Bool {
      (record.timeNanoseconds, reader) < (other.record.timeNanoseconds, other.reader)
    }
  }

  package private(set) var readers: [LogReader] = []
  private let path: FilePath
  private var heads: [Head] = []
  /// Readers that had no record when they were last asked.
  private var idle: Set<Int> = []
  /// Whether the top of the heap was given out.
  private var isTopLent = false

  /// All that `directory` has of what the query wants. Of a run that goes on, what is written while reading is read
  /// too; a query with `until` now ends even where more is written than is read.
  package convenience init(directory: LogDirectory, query: LogQuery) throws(LogError) {
    self.init(path: directory.path)
    try LogError.naming("read the logs in", directory.path) {
      for instance in try directory.instances() where query.includes(instance) {
        try add(LogReader(directory: directory, instance: instance, query: query, isEnded: true))
      }
    }
  }

  init(path: FilePath) { self.path = path }

  /// The earliest record that was not given out; `nil` if there is none for now. Its text is valid until the next call
  /// of any method.
  package func next() throws(LogError) -> LogRecord? {
    if isTopLent {
      isTopLent = false
      try LogError.naming("read the logs in", path) { try replaceTop() }
    }
    guard let top = heads.first else { return nil }
    isTopLent = true
    return top.record
  }

  /// Adds a reader; its index in `readers` names it.
  @discardableResult
  func add(_ reader: LogReader) throws -> Int {
    readers.append(reader)
    idle.insert(readers.count - 1)
    try poll(readers.count - 1)
    return readers.count - 1
  }

  /// Asks a reader that had no record whether it has one now.
  func poll(_ reader: Int) throws {
    guard idle.contains(reader), let record = try readers[reader].next() else { return }
    idle.remove(reader)
    heads.append(Head(record: record, reader: reader))
    siftUp(heads.count - 1)
  }

  private func replaceTop() throws {
    let reader = heads[0].reader
    if let record = try readers[reader].next() {
      heads[0].record = record
    } else {
      idle.insert(reader)
      let last = heads.removeLast()
      if heads.isEmpty { return }
      heads[0] = last
    }
    siftDown()
  }

  private func siftUp(_ index: Int) {
    var index = index
    while index > 0, heads[index].isBefore(heads[(index - 1) / 2]) {
      heads.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private func siftDown() {
    var index = 0
    while 2 * index + 1 < heads.count {
      var child = 2 * index + 1
      if child + 1 < heads.count, heads[child + 1].isBefore(heads[child]) { child += 1 }
      guard heads[child].isBefore(heads[index]) else { return }
      heads.swapAt(index, child)
      index = child
    }
  }
}
