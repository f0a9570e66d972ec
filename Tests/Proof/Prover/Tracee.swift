import Glibc
import Platform
import Tracing

/// What a tracee is stopped at.
enum Watch {
  /// After every instruction of its that has changed the memory.
  case changes
  /// Before it touches a marked line the `n`th time, as `goOn(toTouch:)` says. `touched`: gets all the lines that it
  /// touches.
  case accesses(marked: LineMap?, touched: LineMap?, log: TouchLog? = nil)
}

/// A child that is stopped where it changes or touches the watched memory.
struct Tracee: ~Copyable {
  let pid: Int32
  private let progress: UnsafeMutablePointer<proof_progress>
  private var hasEnded = false

  enum Stop: Equatable {
    /// The memory has changed.
    case changed
    /// It is about to touch a marked line.
    case touches
    /// It waits in a system call.
    case blocked
    case exited(code: Int32)
    case crashed(signal: Int32)
  }

  /// Forks a child that runs `body`, which does not return. It has run nothing of it yet. `processID`: what it takes for
  /// its own.
  init(
    watching memory: UnsafeMutableRawBufferPointer, _ watch: Watch = .changes, as processID: Int32? = nil,
    _ body: () -> Never
  ) throws {
    let progress = try Child.sharedMemory(of: proof_progress.self, count: 1).baseAddress!
    let child = try Child.fork {
      kill(getpid(), SIGSTOP)
      if let processID { proof_live_as(processID) }
      guard Self.begin(watch, memory, progress) == 0 else { _exit(127) }
      body()
    }
    var status: Int32 = 0
    while waitpid(child, &status, WUNTRACED) < 0 && errno == EINTR {}
    pid = child
    self.progress = progress
  }

  private static func begin(
    _ watch: Watch, _ memory: UnsafeMutableRawBufferPointer, _ progress: UnsafeMutablePointer<proof_progress>
  ) -> Int32 {
    var asked = proof_watch()
    asked.memory = memory.baseAddress!
    asked.byte_count = memory.count
    asked.progress = progress
    switch watch {
    case .changes:
      asked.shadow = .allocate(byteCount: memory.count, alignment: 64)
      return proof_watch_changes(&asked)
    case .accesses(let marked, let touched, let log):
      asked.marked = marked.map { UnsafePointer($0.bytes.baseAddress!) }
      asked.touched = touched?.bytes.baseAddress
      asked.log = log?.words.baseAddress
      asked.log_capacity = log?.words.count ?? 0
      return proof_watch_accesses(&asked)
    }
  }

  /// In a child: notes what it touches, from here on.
  static func noteAccesses(to memory: UnsafeMutableRawBufferPointer, in touched: LineMap) {
    let progress = UnsafeMutablePointer<proof_progress>.allocate(capacity: 1)
    progress.initialize(to: proof_progress())
    guard begin(.accesses(marked: nil, touched: touched), memory, progress) == 0 else { _exit(127) }
  }

  deinit {
    munmap(progress, MemoryLayout<proof_progress>.stride)
    if !hasEnded { Child.end(pid) }
  }

  /// Where it is.
  mutating func end() {
    guard !hasEnded else { return }
    Child.end(pid)
    hasEnded = true
  }

  /// Writes that it has made to the memory.
  var writeCount: Int { Int(progress.pointee.writes) }
  /// Of the instruction after the last of them, or of the one that is about to touch.
  var address: UInt64 { progress.pointee.address }
  /// How often it was about to touch a marked line.
  var touchCount: Int { Int(progress.pointee.touches) }

  /// Lets it go on to the next stop.
  ///
  /// One that waits goes on where it is resumed only: woken by others it would come to its next stop, perhaps under a lock
  /// that they want.
  mutating func resume() throws -> Stop {
    progress.pointee.gate = 0
    kill(pid, SIGCONT)
    guard let status = try Self.nextStatus(of: pid) else {
      progress.pointee.gate = 1
      return .blocked
    }
    if status & 0xff == 0x7f {
      return progress.pointee.reason == proof_is_about_to_touch.rawValue ? .touches : .changed
    }
    hasEnded = true
    return Self.end(status)
  }

  /// As `resume`, to its touch with that number, from 1; or on and on.
  mutating func goOn(toTouch number: Int?) throws -> Stop {
    progress.pointee.next_stop = number.map(UInt64.init) ?? .max
    return try resume()
  }

  /// From here on it is an ordinary child, of whoever has its pid, and stopped.
  mutating func setFree() -> Int32 {
    progress.pointee.is_free = 1
    progress.pointee.gate = 0
    hasEnded = true
    return pid
  }

  /// The same, and it runs until it waits (`nil`) or has ended.
  mutating func goFree() throws -> Stop? {
    kill(setFree(), SIGCONT)
    return try Self.nextStatus(of: pid).map(Self.end)
  }

  private static func end(_ status: Int32) -> Stop {
    status & 0x7f == 0 ? .exited(code: status >> 8 & 0xff) : .crashed(signal: status & 0x7f)
  }

  /// `nil`: it is asleep. SIGCHLD is blocked, and waited for.
  private static func nextStatus(of pid: Int32) throws -> Int32? {
    var status: Int32 = 0
    var childSignal = sigset_t()
    sigaddset(&childSignal, SIGCHLD)
    var pause = timespec(tv_sec: 0, tv_nsec: 200_000)
    while true {
      switch waitpid(pid, &status, WUNTRACED | WNOHANG) {
      case pid: return status
      case 0: break
      default: throw Unplayable(description: "waitpid: errno \(errno)")
      }
      guard sigtimedwait(&childSignal, nil, &pause) < 0, errno == EAGAIN else { continue }
      if Child.areAtRest(CollectionOfOne(pid)), !ChildProcess.isDead(pid) { return nil }
    }
  }
}
