import Glibc
import Testing

/// The state folder of a run that lives, when somebody has a hand in it: what a command can't know it does not say.
@Suite(.serialized) struct StateFolderTests {
  private static let nap = """
    name: nap
    arrays: {squares: {type: int32, initial: [1, 4, 9, 16, 25]}}
    processes: {nap: {script: 'sleep(1000) print(squares[1])', use: squares}}
    """
  private static let commands = [
    ["ls"], ["ps"], ["ps", "-a", "-p", "nap"], ["down"], ["down", "-p", "nap"], ["wait", "-p", "nap"], ["inspect"],
    ["logs", "-p", "nap"], ["events"],
  ]

  /// Each fails, and names the place, as long as it is so; then all is as before.
  private func expectRefusals(of place: String, in world: World, _ words: String) throws {
    for command in Self.commands {
      let outcome = try world.mporch(command, within: 30)
      #expect(outcome.status == 69, "\(command): \(outcome)")
      #expect(outcome.errors.contains("'\(place)' \(words)"), "\(command): \(outcome.errors)")
      #expect(!outcome.errors.contains("not running") && !outcome.errors.contains("no run is alive"))
    }
  }

  /// Seen to fail: "'nap' is not running", and success, while it ran.
  @Test(arguments: ["run/mporch", "run/mporch/nap"]) func aStateFolderThatIsOpenToOthersIsToldOf(name: String) throws {
    try World.withRun(Self.nap) { world in
      let place = "\(world.folder)/\(name)"
      chmod(place, 0o750)
      defer { chmod(place, 0o700) }
      try expectRefusals(of: place, in: world, "is open to others (its mode is 0750)")
    }
  }

  /// Seen to fail: as above.
  @Test(.enabled(if: getuid() == 0, "only root can give a folder to another user"))
  func aStateFolderThatWasGivenAwayIsToldOf() throws {
    try World.withRun(Self.nap) { world in
      let place = "\(world.folder)/run/mporch/nap"
      chown(place, 54_321, 54_321)
      defer { chown(place, 0, 0) }
      try expectRefusals(of: place, in: world, "belongs to another user (of number 54321)")
    }
  }

  /// Seen to fail: `ls` waited for somebody to write into it.
  @Test(arguments: ["run.json", "lock"]) func aFIFOInPlaceOfAFileHoldsUpNobody(name: String) throws {
    try World.withRun(Self.nap) { world in
      let place = "\(world.folder)/run/mporch/nap/\(name)"
      #expect(rename(place, place + ".kept") == 0 && mkfifo(place, 0o600) == 0)
      defer { rename(place + ".kept", place) }
      try expectRefusals(of: place, in: world, "is no file, but a FIFO, a socket, a device or a folder")
      let other = try world.write("other.yaml", "processes: {quick: {run: echo quick}}")
      #expect(try world.run("up", other).status == 0)
    }
  }

  /// Seen to fail: the name was taken as a part of a path.
  @Test(arguments: ["../x", "..", "a/b", "", ".x", "1x"]) func whatCanNameNoRunIsRefusedByEveryCommand(name: String)
    throws
  {
    try World.with { world in
      let commands = [
        ["up"], ["check"], ["down"], ["wait"], ["ps"], ["top"], ["logs"], ["inspect"], ["why"], ["events"],
        ["tap", "q"],
        ["get", "q"], ["put", "q", "1"], ["set", "v", "1"], ["restart", "p"], ["stop", "p"], ["start", "p"],
        ["kill", "p"],
        ["scale", "p=1"],
      ]
      for command in commands {
        let outcome = try world.mporch(command + ["-p", name], within: 30)
        #expect(
          outcome.status == 64 && outcome.errors.contains("-p '\(name)' can't name a run"), "\(command): \(outcome)")
      }
    }
  }

  /// Seen to fail: those that there are, and success; and a trap where the numbers are too large to be added.
  @Test(arguments: ["3..9", "6", "2..9223372036854775807"]) func elementsPastTheEndAreAnError(elements: String) throws {
    try World.withRun(Self.nap) { world in
      let outcome = try world.run("get", "squares[\(elements)]")
      #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
      #expect(outcome.errors.contains("array 'squares' has no element"), "\(outcome.errors)")
      #expect(try world.run("get", "squares[3..5]").lines == ["9", "16", "25"])
    }
  }

  /// A folder that was made, and whose maker was killed then. Seen to fail: it stayed.
  @Test func anEmptyFolderIsSwept() throws {
    try World.with { world in
      for folder in ["run/mporch", "run/mporch/nap"] { mkdir("\(world.folder)/\(folder)", 0o700) }
      let list = try world.run("ls")
      #expect(list.status == 0 && list.errors == "mporch: no run is alive\n", "\(list)")
      #expect(world.runFolders.isEmpty)
    }
  }
}
