import CPlatform
import Glibc
import Testing

@Suite struct ChildProcessTests {
  /// Where the system keeps no list of children they are looked for among all processes. (Its list is of one thread's.)
  @Test func childrenAreFoundWithoutTheSystemsList() throws {
    var pids: [pid_t] = []
    for _ in 0..<3 {
      var pid: pid_t = 0
      let words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
      defer { words.forEach { free($0) } }
      let code = posix_spawn(&pid, "/bin/sleep", nil, nil, words, nil)
      try #require(code == 0)
      pids.append(pid)
    }
    defer {
      for pid in pids {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
      }
    }
    var found = [Int32](repeating: 0, count: 4096)
    let count = Int(mporch_search_children(getpid(), &found, Int32(found.count)))
    #expect(count >= 3 && Set(found.prefix(count)).isSuperset(of: pids))
    // Not all fit: it says how many there are.
    #expect(mporch_search_children(getpid(), &found, 1) >= 3)
  }
}
