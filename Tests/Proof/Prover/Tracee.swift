import Glibc
import Platform
import Tracing

/// A child that stops after every instruction of its that has changed the watched memory.
struct Tracee: ~Copyable {
  private let pid: Int32
  private let progress: UnsafeMutablePointer<proof_progress>
  private var hasEnded = false

  enum Stop: Equatable {
    /// The memory has changed.
    case changed
    /// It waits in a system call.
    case blocked
    case exited(code: Int32)
  }

  /// Forks a child that runs `body`, which does not return. It has run nothing of it yet. `processID`: what it takes for
  /// its own.
  init(watching memory: UnsafeMutableRawBufferPointer, as processID: Int32? = nil, _ body: () -> Never) throws {
    let shared = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let shared, shared != MAP_FAILED else { throw Unplayable(description: "mmap: errno \(errno)") }
    let progress = shared.bindMemory(to: proof_progress.self, capacity: 1)
    let shadow = UnsafeMutableRawPointer.allocate(byteCount: memory.count, alignment: 64)
    defer { shadow.deallocate() }
    guard let child = try ChildProcess.fork() else {
      CurrentProcess.setParentDeathSignal(SIGKILL)
      kill(getpid(), SIGSTOP)
      if let processID { proof_live_as(processID) }
      guard proof_watch_myself(memory.baseAddress!, shadow, memory.count, progress) == 0 else { _exit(127) }
      body()
    }
    var status: Int32 = 0
    while waitpid(child, &status, WUNTRACED) < 0 && errno == EINTR {}
    pid = child
    self.progress = progress
  }

  deinit {
    munmap(progress, 4096)
    guard !hasEnded else { return }
    Self.end(pid)
  }

  private static func end(_ pid: Int32) {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }

  /// Where it is.
  mutating func end() {
    guard !hasEnded else { return }
    Self.end(pid)
    hasEnded = true
  }

  /// Writes that it has made to the memory.
  var writeCount: Int { Int(progress.pointee.writes) }
  /// Of the instruction after the last of them.
  var address: UInt64 { progress.pointee.address }

  /// Lets it go on to the next stop.
  mutating func resume() throws -> Stop {
    kill(pid, SIGCONT)
    guard let status = try nextStatus() else { return .blocked }
    if status & 0xff == 0x7f { return .changed }
    hasEnded = true
    guard status & 0x7f == 0 else {
      throw Unplayable(description: "the victim ended by signal \(status & 0x7f) itself")
    }
    return .exited(code: status >> 8 & 0xff)
  }

  /// `nil`: it is asleep, at three looks a millisecond apart. SIGCHLD is blocked, and waited for.
  private func nextStatus() throws -> Int32? {
    var status: Int32 = 0
    var looksAsleep = 0
    var childSignal = sigset_t()
    sigaddset(&childSignal, SIGCHLD)
    var pause = timespec(tv_sec: 0, tv_nsec: 1_000_000)
    while true {
      switch waitpid(pid, &status, WUNTRACED | WNOHANG) {
      case pid: return status
      case 0: break
      default: throw Unplayable(description: "waitpid: errno \(errno)")
      }
      guard sigtimedwait(&childSignal, nil, &pause) < 0, errno == EAGAIN else { continue }
      looksAsleep = isAsleep ? looksAsleep + 1 : 0
      if looksAsleep == 3 { return nil }
    }
  }

  /// Keeps it from going on where it waits: woken by others it would stop at its next write, perhaps under a lock that
  /// they want. Until it is resumed.
  func pause() throws {
    kill(pid, SIGSTOP)
    var status: Int32 = 0
    while waitpid(pid, &status, WUNTRACED) < 0 {
      guard errno == EINTR else { throw Unplayable(description: "waitpid: errno \(errno)") }
    }
  }

  private var isAsleep: Bool { Self.isAsleep(pid) }

  /// Whether a process waits in a system call.
  static func isAsleep(_ pid: Int32) -> Bool {
    guard let text = ProcFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return false }
    return text[end...].dropFirst(2).first == "S"
  }
}
