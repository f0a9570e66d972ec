import Glibc
import SystemPackage

/// Reads what is there, as `LogMerge` does, and then what is written, of instances too that come later.
///
/// Never waits: give out records with `next` until it has none; then wait until `descriptor` is readable, and call
/// `update`. Once the run has ended call `end`; what `next` gives out after it is all there is.
/// What is written while reading is in order of time as far as it was there at the last `update`.
package final class LogFollower {
  private let directory: LogDirectory
  private let query: LogQuery
  private let watch: DirectoryWatch
  private let merge: LogMerge
  private var readers: [String: Int] = [:]

  /// The folder has to exist.
  package init(directory: LogDirectory, query: LogQuery) throws(LogError) {
    self.directory = directory
    self.query = query
    merge = LogMerge(path: directory.path)
    // Before the first look into the folder, so that nothing happens unseen between the two.
    watch = try DirectoryWatch(directory.path)
    try LogError.naming("read the logs in", directory.path) {
      for instance in try directory.instances() where query.includes(instance) {
        try open(instance, query: query)
      }
    }
  }

  /// Readable when it is time for `update`.
  package var descriptor: FileDescriptor { watch.descriptor }

  /// How often lines may be missing, since they were rotated away before they were read; by instance.
  package var gapCounts: [String: Int] {
    readers.mapValues { merge.readers[$0].gapCount }.filter { $0.value > 0 }
  }

  /// Lines that were left out, as they were none of a log.
  package var garbageLineCount: Int { merge.readers.reduce(0) { $0 + $1.garbageLineCount } }

  /// The next record; `nil` if there is none for now. Its text is valid until the next call of any method.
  package func next() throws(LogError) -> LogRecord? { try merge.next() }

  /// Looks at what has changed.
  package func update() throws(LogError) {
    try LogError.naming("read the logs in", directory.path) {
      var changed: Set<String> = []
      for event in try watch.events() {
        switch event {
        case .overflow: changed.formUnion(try directory.instances())
        case .changed(let fileName):
          if let entry = LogDirectory.Entry(fileName: fileName) { changed.insert(entry.instance) }
        }
      }
      for instance in changed where query.includes(instance) { try look(at: instance) }
    }
  }

  /// Nothing more will be written.
  package func end() throws(LogError) {
    for reader in merge.readers { reader.end() }
    try LogError.naming("read the logs in", directory.path) {
      for instance in Set(try directory.instances()).union(readers.keys) where query.includes(instance) {
        try look(at: instance)
      }
    }
  }

  private func look(at instance: String) throws {
    if let reader = readers[instance] {
      try merge.poll(reader)
    } else {
      // It came while following: all of it is new.
      try open(instance, query: LogQuery(since: query.since, until: query.until))
    }
  }

  private func open(_ instance: String, query: LogQuery) throws {
    let reader = try LogReader(directory: directory, instance: instance, query: query, isEnded: false)
    readers[instance] = try merge.add(reader)
  }
}

/// Tells which files of a folder were written, created, renamed or removed (inotify).
final class DirectoryWatch {
  enum Event: Equatable {
    case changed(fileName: String)
    /// More happened than the kernel kept.
    case overflow
  }

  /// Readable when events wait.
  let descriptor: FileDescriptor
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  init(_ path: FilePath) throws(LogError) {
    let opened = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard opened >= 0 else { throw LogError(operation: "watch the log folder", path: path, errno: .last) }
    descriptor = FileDescriptor(rawValue: opened)
    let events = UInt32(IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO)
    guard path.withPlatformString({ inotify_add_watch(opened, $0, events) }) >= 0 else {
      throw LogError(operation: "watch the log folder", path: path, errno: .last)
    }
  }

  deinit {
    buffer.deallocate()
    try? descriptor.close()
  }

  /// What happened since the last call; never waits.
  func events() throws -> [Event] {
    var events: [Event] = []
    while true {
      do {
        let byteCount = try descriptor.read(into: buffer)
        events += parse(UnsafeRawBufferPointer(rebasing: buffer[..<byteCount]))
      } catch Errno.resourceTemporarilyUnavailable {
        return events
      }
    }
  }

  private func parse(_ bytes: UnsafeRawBufferPointer) -> [Event] {
    var events: [Event] = []
    var offset = 0
    while offset < bytes.count {
      let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      offset += MemoryLayout<inotify_event>.size
      let name = bytes[offset..<offset + Int(event.len)].prefix { $0 != 0 }
      offset += Int(event.len)
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
        events.append(.overflow)
      } else if !name.isEmpty {
        events.append(.changed(fileName: String(decoding: name, as: UTF8.self)))
      }
    }
    return events
  }
}
