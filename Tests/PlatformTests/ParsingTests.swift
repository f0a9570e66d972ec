import Testing
import Text

@testable import Platform

struct ProcessStatisticsTests {
  private func line(name: String, state: String = "S") -> String {
    // pid (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime …
    "42 (\(name)) \(state) 1 42 42 0 -1 0 0 0 0 0 250 50 0 0 20 0 1 0 777 1000000 25 0\n"
  }

  /// Seen to fail: the name's first parenthesis taken for its end.
  @Test(arguments: ["mporch", "a) S 1 (b", "two words"])
  func aNameMayHoldAnything(name: String) throws {
    let statistics = try #require(
      ProcessStatistics(parsing: line(name: name), ticksPerSecond: 100, pageByteCount: 4096))
    #expect(statistics.processorTime == .seconds(3))
    #expect(statistics.residentByteCount == 25 * 4096)
    #expect(statistics.startTicks == 777)
    #expect(!statistics.isZombie)
  }

  /// Seen to fail: only another letter known.
  @Test func aZombieIsSeen() {
    let statistics = ProcessStatistics(parsing: line(name: "x", state: "Z"), ticksPerSecond: 100, pageByteCount: 4096)
    #expect(statistics?.isZombie == true)
  }

  /// Seen to fail: fields that are not there read.
  @Test func thisProcessIsThere() {
    #expect(ProcessStatistics(of: 0) == nil)
    #expect(ProcessStatistics(parsing: "42 (x)", ticksPerSecond: 100, pageByteCount: 4096) == nil)
  }
}

struct AvailableMemoryTests {
  /// Seen to fail: kilobytes of 1000.
  @Test func theMachinesOwn() {
    let text = "MemTotal:       100 kB\nMemFree:  5 kB\nMemAvailable:       64 kB\n"
    #expect(AvailableMemory.machineByteCount(meminfo: text) == 65536)
    #expect(AvailableMemory.machineByteCount(meminfo: "MemTotal: 1 kB\n") == nil)
  }
}

struct ControlGroupTests {
  /// Seen to fail: the first version's lines passed over.
  @Test func theGroupOfEitherVersion() {
    let second = ControlGroup.place(of: .memory, in: "0::/user.slice/a:b\n")
    #expect(second?.path == "/user.slice/a:b")
    #expect(second?.limitFile == "memory.max")
    let first = ControlGroup.place(of: .memory, in: "5:cpu:/x\n4:memory:/y\n0::/z\n")
    #expect(first?.path == "/y")
    #expect(first?.root == "/sys/fs/cgroup/memory")
    let processes = ControlGroup.place(of: .processes, in: "5:pids:/x\n4:memory:/y\n")
    #expect(processes?.root == "/sys/fs/cgroup/pids")
    #expect(processes?.usageFile == "pids.current")
  }

  /// Seen to fail: only the group's own.
  @Test func everyFolderAboveCounts() {
    let group = ControlGroup.Place(root: "/r", path: "/a/b", limitFile: "l", usageFile: "u")
    #expect(ControlGroup.folders(of: group) == ["/r", "/r/a", "/r/a/b"])
  }

  /// Seen to fail: more used than the limit taken for none.
  @Test func noLimitIsNone() {
    #expect(ControlGroup.remaining(limit: "max\n", usage: "5\n") == nil)
    #expect(ControlGroup.remaining(limit: "100\n", usage: "30\n") == 70)
    #expect(ControlGroup.remaining(limit: "100\n", usage: "130\n") == 0)
  }
}

struct SignalNameTests {
  /// Seen to fail: only the whole name.
  @Test(arguments: [("9", 9), ("KILL", 9), ("sigkill", 9), ("SIGTERM", 15), ("64", 64)] as [(String, Int32)])
  func takesNumbersAndNames(text: String, number: Int32) {
    #expect(SignalName.number(of: text) == number)
  }

  /// Seen to fail: signal 65.
  @Test func refusesOthers() {
    for text in ["", "0", "65", "-9", "SIG", "KILLED"] { #expect(SignalName.number(of: text) == nil) }
  }

  /// Seen to fail: a name for a signal that has none.
  @Test func saysNumberAndName() {
    #expect(SignalName.words(for: 9) == "signal 9 (SIGKILL)")
    #expect(SignalName.words(for: 40) == "signal 40")
  }
}
