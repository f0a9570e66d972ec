import Glibc
import Testing

@testable import Supervisor

struct EventLoopTests {
  /// What is ready when a time is over was so before. Seen to fail: a process that was suspended saw the time first, and
  /// failed what had ended long before it.
  @Test func whatIsReadyIsSeenBeforeWhatIsDue() throws {
    let loop = try EventLoop()
    var pipe: [Int32] = [0, 0]
    #expect(Glibc.pipe(&pipe) == 0)
    defer { for end in pipe { close(end) } }
    var order: [String] = []
    // As if it were suspended: both have come when it looks.
    _ = loop.after(.milliseconds(10)) {
      _ = loop.after(.milliseconds(10)) { order.append("due") }
      usleep(30_000)
      _ = write(pipe[1], "x", 1)
    }
    let watch = try loop.watch(pipe[0], .read) { _ in
      order.append("ready")
      var byte: UInt8 = 0
      _ = read(pipe[0], &byte, 1)
    }
    try loop.run { order.count == 2 }
    loop.unwatch(watch)
    #expect(order == ["ready", "due"])
  }
}
