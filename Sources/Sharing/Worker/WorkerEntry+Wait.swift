internal import Platform
internal import Synchronization

/// What a worker waits on, as it publishes it, and how long it has waited.
extension WorkerEntry {
  package enum Wait: Sendable, Hashable {
    case none
    case read(resource: Int)
    case write(resource: Int)
    case lock(resource: Int)
    case primitive(resource: Int)
    /// Messages of any of several pipe ends, which `awaitedEnds` lists; `resource`: the first one's.
    case readAny(resource: Int)
    /// Until every item of a queue is finished.
    case join(resource: Int)
    /// To claim numbers, while another instance of its process has claimed some.
    case turn(group: Int)
    case timer
    case standardInput
    /// What its `run:` command does next, which nobody can foresee.
    case command

    fileprivate var code: (kind: UInt64, resource: Int) {
      switch self {
      case .none: (0, 0)
      case .read(let resource): (1, resource)
      case .write(let resource): (2, resource)
      case .lock(let resource): (3, resource)
      case .timer: (4, 0)
      case .standardInput: (5, 0)
      case .primitive(let resource): (6, resource)
      case .readAny(let resource): (20, resource)
      case .join(let resource): (21, resource)
      case .turn(let group): (22, group)
      case .command: (10, 0)
      }
    }

    fileprivate init(kind: UInt64, resource: Int) {
      switch kind {
      case 1: self = .read(resource: resource)
      case 2: self = .write(resource: resource)
      case 3: self = .lock(resource: resource)
      case 4: self = .timer
      case 5: self = .standardInput
      case 6: self = .primitive(resource: resource)
      case 20: self = .readAny(resource: resource)
      case 21: self = .join(resource: resource)
      case 22: self = .turn(group: resource)
      case 10: self = .command
      default: self = .none
      }
    }
  }

  /// As it is published: `since` in nanoseconds of the monotonic clock; `isTimed`: it gives up by itself after some time.
  package struct PublishedWait: Sendable, Equatable {
    package var on: Wait
    package var since: UInt64
    package var isTimed: Bool
    /// Each wait of the worker has another.
    package var epoch: UInt64
    package var need: WaitNeed

    package func nanoseconds(until now: UInt64) -> UInt64 { now > since ? now - since : 0 }
  }

  private static let timedWait: UInt64 = 1 << 63

  /// Published before the worker sleeps: an epoch, the wait's time and what it needs, and last, in one word, {has a
  /// time-out, kind, resource}, which is 0 between two waits.
  package func beginWait(_ wait: Wait, isTimed: Bool = false, for need: WaitNeed = .nothingMore) {
    openWait()
    showWait(wait, isTimed: isTimed, for: need)
  }

  /// The next wait's epoch, before all else that is said of it.
  func openWait() {
    let epoch = word64(Offset.wait + 16)
    // Release: who sees it does not see the wait before it any more.
    epoch.pointee.store(epoch.pointee.load(ordering: .relaxed) &+ 1, ordering: .releasing)
    // Who sees anything of what follows sees it (pairs with the fence in `wait`).
    atomicMemoryFence(ordering: .releasing)
  }

  func showWait(_ wait: Wait, isTimed: Bool, for need: WaitNeed) {
    word64(Offset.wait + 8).pointee.store(MonotonicClock.now, ordering: .relaxed)
    word64(Offset.need).pointee.store(need.first, ordering: .relaxed)
    word64(Offset.need + 8).pointee.store(need.second, ordering: .relaxed)
    let (kind, resource) = wait.code
    let word = kind << 32 | UInt64(UInt32(resource)) | (isTimed ? Self.timedWait : 0)
    // Release: who sees it sees what was said of it before.
    word64(Offset.wait).pointee.store(word, ordering: .releasing)
  }

  /// Shows the wait as long as `body` takes; gives its nanoseconds.
  func waiting(
    on wait: Wait, isTimed: Bool, for need: WaitNeed, _ body: () -> Void
  ) -> UInt64 {
    beginWait(wait, isTimed: isTimed, for: need)
    body()
    return endWait()
  }

  /// By the worker itself; gives for how many nanoseconds it has waited.
  @discardableResult
  package func endWait() -> UInt64 {
    let word = word64(Offset.wait).pointee.load(ordering: .relaxed)
    guard word != 0 else { return 0 }
    let nanoseconds = MonotonicClock.now &- word64(Offset.wait + 8).pointee.load(ordering: .relaxed)
    waitTimes.add(nanoseconds, to: word & ~Self.timedWait)
    forgetWait()
    return nanoseconds
  }

  /// Of one that died waiting.
  func forgetWait() { word64(Offset.wait).pointee.store(0, ordering: .releasing) }

  /// All of it of one wait. One that begins or ends another again and again while it is looked at waits for nothing.
  var wait: PublishedWait {
    var wait = PublishedWait(on: .none, since: 0, isTimed: false, epoch: 0, need: .nothingMore)
    for _ in 0..<Self.lookLimit {
      wait.epoch = word64(Offset.wait + 16).pointee.load(ordering: .acquiring)
      let word = word64(Offset.wait).pointee.load(ordering: .acquiring)
      if word == 0 { break }
      wait.since = word64(Offset.wait + 8).pointee.load(ordering: .relaxed)
      wait.need = WaitNeed(
        first: word64(Offset.need).pointee.load(ordering: .relaxed),
        second: word64(Offset.need + 8).pointee.load(ordering: .relaxed))
      atomicMemoryFence(ordering: .acquiring)
      guard word64(Offset.wait + 16).pointee.load(ordering: .relaxed) == wait.epoch else { continue }
      wait.on = Self.wait(word)
      wait.isTimed = word & Self.timedWait != 0
      break
    }
    return wait
  }

  private static let lookLimit = 100

  private static func wait(_ word: UInt64) -> Wait {
    Wait(kind: (word & ~timedWait) >> 32, resource: Int(UInt32(truncatingIfNeeded: word)))
  }

  private var waitTimes: WaitTimes { WaitTimes(at: memory + Offset.waitTimes) }

  var waited: [(on: Wait, nanoseconds: UInt64)] {
    waitTimes.all.map { (Self.wait($0.key), $0.nanoseconds) }
  }

  /// Of the file, where a script has made the call in which it waits; 0: unknown.
  package var line: Int {
    get { Int(word32(Offset.line).pointee.load(ordering: .relaxed)) }
    nonmutating set { word32(Offset.line).pointee.store(UInt32(truncatingIfNeeded: newValue), ordering: .relaxed) }
  }

  /// Of `readAny`.
  var awaitedEnds: AwaitedEnds { AwaitedEnds(at: memory + Offset.awaitedEnds) }
}

/// The directions, by index, that a worker which waits for several pipe ends at once waits for.
struct AwaitedEnds {
  private let indices: UnsafeMutablePointer<Atomic<UInt16>>
  private static let countLimit = Futex.waitLimit
  static let byteCount = countLimit * 2

  init(at memory: UnsafeMutableRawPointer) {
    indices = memory.bindMemory(to: Atomic<UInt16>.self, capacity: Self.countLimit)
  }

  /// False: they can't be written down here.
  func note(_ directions: [PipeDirection]) -> Bool {
    guard directions.count <= Self.countLimit, directions.allSatisfy({ $0.index <= UInt16.max }) else { return false }
    for (place, direction) in directions.enumerated() {
      indices[place].store(UInt16(direction.index), ordering: .relaxed)
    }
    return true
  }

  func list(_ count: Int) -> [Int] {
    (0..<min(max(count, 0), Self.countLimit)).map { Int(indices[$0].load(ordering: .relaxed)) }
  }
}

extension WorkerEntry {
  /// As `beginWait`, for messages of any of these. Where they are too many to be listed, it is shown as a wait that ends
  /// by itself: nobody is to think that it can't.
  package func beginWait(readingAny directions: [PipeDirection], isTimed: Bool) {
    openWait()
    let isListed = awaitedEnds.note(directions)
    showWait(
      .readAny(resource: directions[0].resource), isTimed: isTimed || !isListed, for: .items(directions.count))
  }
}
