import Testing

/// A disk that is full: nothing hangs, and what is lost is counted and told.
@Suite(.serialized) struct DiskTests {
  /// Whether a file system of a given size can be had here: for root with the right to mount.
  static let canMount: Bool = {
    let trial = "d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d && umount $d; result=$?; rmdir $d; exit $result"
    let outcome = try? Child.spawn(
      ["/bin/sh", "-c", trial], environment: ["PATH": "/usr/bin:/bin"], input: "/dev/null", output: "/dev/null",
      errors: "/dev/null"
    ).wait(within: 30)
    return outcome?.status == 0
  }()

  /// Calls `body` with the path of a file system of that size; it is gone afterwards.
  private static func withDisk(in world: World, of size: String, _ body: (String) throws -> Void) throws {
    let disk = "\(world.folder)/disk"
    let mount = try world.shell("mkdir -p \(disk) && mount -t tmpfs -o size=\(size),mode=700 tmpfs \(disk)")
    guard mount.status == 0 else { throw Child.Failure(description: "can't mount: \(mount.errors)") }
    defer { _ = try? world.shell("umount -l \(disk)") }
    try body(disk)
  }

  private static let lines = 20_000
  private static let chatter = """
    name: chatter
    queues: [lines]
    processes:
      read: {task: read-lines, with: {path: in.txt}, out: lines}
      say: {task: print, in: lines}
    """

  private func chatter(in world: World) throws -> String {
    _ = try world.write("in.txt", (0..<Self.lines).map { "line \($0) of many that find no room\n" }.joined())
    return try world.write("chatter.yaml", Self.chatter)
  }

  /// Seen to fail: a write that finds no room counts as one line.
  @Test(.enabled(if: canMount, "only root can mount the small disk that this test fills"))
  func logsThatFindNoRoomAreCounted() throws {
    try World.with { world in
      let file = try chatter(in: world)
      try Self.withDisk(in: world, of: "256k") { disk in
        let up = try world.run("up", "--no-log-prefix", file, environment: ["XDG_STATE_HOME": disk])
        // What is shown does not depend on what is stored.
        #expect(up.status == 0 && up.lines.count == Self.lines)
        let total = up.errors.split(separator: "\n").last { $0.contains("in all, log") }
        let found = try #require(total?.firstMatch(of: /(\d+) lines \(\d+ bytes\) could not be stored: No space left/))
        let lost = try #require(Int(found.1))
        let stored = try world.run(
          "logs", "say", "-p", "chatter", "--no-log-prefix", environment: ["XDG_STATE_HOME": disk])
        #expect(stored.lines.filter { $0.hasPrefix("line ") }.count + lost == Self.lines, "\(up.errors)")
      }
    }
  }

  /// Seen to fail: a run that begins without its `run.json`; a loss that is told only where it can be stored.
  @Test(.enabled(if: canMount, "only root can mount the small disk that this test fills"))
  func aRunNeedsRoomForItsStateAndNoneForItsLogs() throws {
    try World.with { world in
      let file = try chatter(in: world)
      try Self.withDisk(in: world, of: "64k") { disk in
        _ = try world.shell("dd if=/dev/zero of=\(disk)/full bs=4k; true")
        let up = try world.run("up", file, environment: ["XDG_RUNTIME_DIR": disk])
        #expect(up.status == 69 && up.errors.contains("No space left on device"), "\(up.errors)")
        // Without its logs a run goes on.
        let silent = try world.run("up", "--no-log-prefix", file, environment: ["XDG_STATE_HOME": disk])
        #expect(silent.status == 0 && silent.lines.count == Self.lines)
        #expect(
          silent.errors.contains("in all, log") && silent.errors.contains(" \(Self.lines) lines"), "\(silent.errors)")
      }
    }
  }
}
