internal import CPlatform
internal import Glibc
package import SystemPackage

/// Makes the end of a futex's sleep something to read, for a process that waits for descriptors too.
///
/// A futex can't be waited for beside descriptors, and a process of mporch has one thread: so a child of it sleeps. It
/// has the shared memory as it was when it was forked, and changes nothing in it.
package final class FutexWatcher {
  /// Of the child.
  package let pid: Int32
  private let orders: Descriptor
  private let news: Descriptor
  private var isWatching = false

  /// The child's side of the order: what to sleep on.
  private struct Order: BitwiseCopyable {
    var address: UInt
    var value: UInt32
  }

  package init(name: String) throws(Errno) {
    let orders = try Pipe()
    let news = try Pipe()
    let parent = getpid()
    guard let pid = try ChildProcess.fork() else {
      CurrentProcess.setName(name)
      CurrentProcess.setParentDeathSignal(SIGKILL)
      if getppid() != parent { _exit(1) }
      CurrentProcess.blockAllSignals()
      Self.watch(orders.takeReading().release(), news.takeWriting().release())
    }
    self.pid = pid
    self.orders = orders.takeWriting()
    self.news = news.takeReading()
  }

  private static func watch(_ orders: Int32, _ news: Int32) -> Never {
    for stream: Int32 in 0...2 { close(stream) }
    CurrentProcess.closeDescriptors(except: orders, news)
    var order = Order(address: 0, value: 0)
    while read(orders, &order, MemoryLayout<Order>.size) == MemoryLayout<Order>.size {
      guard let word = UnsafeRawPointer(bitPattern: order.address) else { break }
      _ = mporch_futex_wait(word, order.value, nil)
      if write(news, &order, 1) != 1 { break }
    }
    _exit(0)
  }

  /// Readable when the sleep is over.
  package var number: Int32 { news.number }

  /// Begins to sleep, unless it does already.
  package func watch(_ wait: FutexWait) throws(Errno) {
    guard !isWatching else { return }
    isWatching = true
    let order = Order(address: UInt(bitPattern: wait.word), value: wait.value)
    _ = try withUnsafeBytes(of: order) { (bytes) throws(Errno) in try orders.write(bytes) }
  }

  /// After it became readable. False: the child is gone.
  package func takeNews() throws(Errno) -> Bool {
    isWatching = false
    return try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { (byte) throws(Errno) in
      try news.read(into: byte) == .count(1)
    }
  }
}
