internal import CPlatform
internal import Glibc

/// A thread of another process that sleeps in a system call, and for what: as /proc tells those who may trace it.
package struct ThreadSleep: Equatable, Sendable {
  package enum Cause: Equatable, Sendable {
    /// That something is written into the pipe with this inode, or that its writers are gone.
    case pipe(UInt64)
    /// The same of any of these pipes; or another thread or child of its process.
    case anyPipe(Set<UInt64>)
    /// Another thread of its process, without a time-out.
    case thread
    /// That a child of its process ends.
    case child
    /// What somebody else may do, or time.
    case other
  }

  package let cause: Cause
  /// How often it has gone to sleep: the same number means the same sleep.
  private let count: Int

  /// `nil`: it does not sleep, or nobody may know.
  package init?(process: Int32, thread: String) {
    let folder = "/proc/\(process)/task/\(thread)"
    guard let count = Self.sleepCount(in: folder), let call = ProcFile.read("\(folder)/syscall") else { return nil }
    let words = call.split { $0 == " " || $0 == "\n" }
    guard words.count >= 7, let number = Int64(words[0]) else { return nil }
    let arguments = words[1...6].map { UInt64($0.dropFirst(2), radix: 16) ?? 0 }
    self.count = count
    cause =
      switch mporch_sleep_of(number, arguments) {
      case MPORCH_SLEEP_READ:
        Self.pipe(Int32(truncatingIfNeeded: arguments[0]), of: process).map { .pipe($0) } ?? .other
      case MPORCH_SLEEP_EPOLL: Self.pipes(ofEpoll: arguments[0], process).map { .anyPipe($0) } ?? .other
      case MPORCH_SLEEP_CHILD: .child
      case MPORCH_SLEEP_THREAD: .thread
      default: .other
      }
  }

  /// Each of a process's threads; `nil`: not all of them sleep, or nobody may know.
  package static func all(of process: Int32) -> [String: ThreadSleep]? {
    var sleeps: [String: ThreadSleep] = [:]
    for thread in Folder.names(in: "/proc/\(process)/task") {
      guard let sleep = ThreadSleep(process: process, thread: thread) else { return nil }
      sleeps["\(process)/\(thread)"] = sleep
    }
    return sleeps
  }

  private static func sleepCount(in folder: String) -> Int? {
    let mark = "voluntary_ctxt_switches:"
    for line in ProcFile.read("\(folder)/status")?.split(separator: "\n") ?? [] where line.hasPrefix(mark) {
      return Int(line.dropFirst(mark.count).drop { $0 == "\t" || $0 == " " })
    }
    return nil
  }

  /// `pipe:[INODE]`; a pipe with a name has its path there, and anybody may write to it.
  private static func pipe(_ descriptor: Int32, of process: Int32) -> UInt64? {
    guard let target = target(of: descriptor, process), target.hasPrefix("pipe:[") else { return nil }
    return UInt64(target.dropFirst(6).dropLast())
  }

  private static func target(of descriptor: Int32, _ process: Int32) -> String? {
    var path = [CChar](repeating: 0, count: 256)
    let count = readlink("/proc/\(process)/fd/\(descriptor)", &path, path.count - 1)
    return count > 0 ? String(decoding: path[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  /// That it watches, beside what only its own process can wake; `nil`: something else may.
  private static func pipes(ofEpoll descriptor: UInt64, _ process: Int32) -> Set<UInt64>? {
    guard let info = ProcFile.read("/proc/\(process)/fdinfo/\(descriptor)") else { return nil }
    var pipes: Set<UInt64> = []
    for line in info.split(separator: "\n") where line.hasPrefix("tfd:") {
      let words = line.split(separator: " ")
      guard words.count > 1, let watched = Int32(words[1]), let target = target(of: watched, process) else {
        return nil
      }
      if target == "anon_inode:[eventfd]" { continue }
      guard let pipe = pipe(watched, of: process) else { return nil }
      pipes.insert(pipe)
    }
    return pipes
  }
}
