import Glibc
import Testing

/// Another user on the machine, who prepares places that mporch would take for its own.
@Suite(.serialized) struct OtherUserTests {
  private static let isRoot = getuid() == 0
  private static let victim = 54_321
  private static let attacker = 54_322
  private static let becoming = "setpriv --reuid=$1 --regid=$1 --clear-groups"

  /// A world that another user can enter, with a program of its own, and no run of theirs.
  private func withUsers(_ body: (World, (_ user: Int, _ command: String) throws -> Child.Outcome) throws -> Void)
    throws
  {
    try World.with { world in
      let folder = world.folder
      chmod(folder, 0o755)
      _ = try world.shell(
        "cp $MPORCH \(folder)/mporch && mkdir -m 700 \(folder)/own && chown \(Self.victim) \(folder)/own")
      defer { _ = try? world.shell("rm -rf /tmp/mporch-\(Self.victim) /tmp/mporch-\(Self.victim)-state") }
      try body(world) { user, command in
        let words = command.replacing("'", with: "'\\''")
        return try world.shell(
          "setpriv --reuid=\(user) --regid=\(user) --clear-groups env -i PATH=$PATH XDG_RUNTIME_DIR=\(folder)/own "
            + "sh -c 'cd \(folder); \(words)'")
      }
    }
  }

  private static let hello = "name: nap\nprocesses: {a: {run: echo hello}}\n"

  /// Seen to fail: the victim's folder made private, and its logs removed, by way of the other's link.
  @Test(
    .enabled(if: isRoot, "only root can become two users"),
    arguments: [
      // The root of the logs, then a folder below one that only looks right.
      "ln -s $OWN/precious /tmp/mporch-$VICTIM-state",
      "mkdir -p /tmp/mporch-$VICTIM-state/nap && ln -s $OWN/precious /tmp/mporch-$VICTIM-state/nap/logs",
      "mkdir -m 777 /tmp/mporch-$VICTIM-state",
      // Where the state of runs and their logs lay together.
      "mkdir -p /tmp/mporch-$VICTIM/state/mporch/nap && ln -s $OWN/precious /tmp/mporch-$VICTIM/state/mporch/nap/logs "
        + "&& mkdir /tmp/mporch-$VICTIM-state",
    ])
  func whatAnotherUserHasPreparedIsNotUsedForLogs(trap: String) throws {
    try withUsers { world, run in
      _ = try world.write("nap.yaml", Self.hello)
      chmod("\(world.folder)/nap.yaml", 0o644)
      let own = "\(world.folder)/own"
      let precious = try run(
        Self.victim, "mkdir own/precious && chmod 755 own/precious && echo mine >own/precious/a-1.log")
      #expect(precious.status == 0, "\(precious.errors)")
      let laid = try run(
        Self.attacker, trap.replacing("$VICTIM", with: "\(Self.victim)").replacing("$OWN", with: own))
      #expect(laid.status == 0, "\(laid.errors)")
      let up = try run(Self.victim, "./mporch up nap.yaml")
      #expect(up.status == 69 && up.errors.contains("'/tmp/mporch-\(Self.victim)-state"), "\(up)")
      #expect(try run(Self.victim, "cat own/precious/a-1.log; stat -c %a own/precious").lines == ["mine", "755"])
    }
  }

  /// Seen to fail: logs below a folder in which each name is a run's.
  @Test(.enabled(if: isRoot, "only root can become another user"))
  func withoutAHomeTheLogsAreInAPrivateFolder() throws {
    try withUsers { world, run in
      _ = try world.write("nap.yaml", Self.hello)
      chmod("\(world.folder)/nap.yaml", 0o644)
      #expect(try run(Self.victim, "./mporch up nap.yaml").status == 0)
      #expect(try run(Self.victim, "./mporch logs -p nap --no-log-prefix").text == "hello\n")
      #expect(try run(Self.victim, "stat -c %a /tmp/mporch-\(Self.victim)-state/nap/logs").text == "700\n")
    }
  }

  /// In a folder of its own below one where the file is. Seen to fail: taken from whoever can write there.
  @Test(arguments: ["folder", "file"]) func aTopologyAboveThatOthersMayWriteIsNotTaken(open: String) throws {
    try World.with { world in
      let shared = "\(world.folder)/shared"
      mkdir(shared, 0o700)
      mkdir("\(shared)/below", 0o700)
      _ = try world.write("shared/mporch.yaml", Self.hello)
      chmod(shared, open == "folder" ? 0o777 : 0o755)
      chmod("\(shared)/mporch.yaml", open == "file" ? 0o666 : 0o644)
      let place = open == "folder" ? shared : "\(shared)/mporch.yaml"
      for command in ["up", "check", "ps", "down"] {
        let outcome = try world.shell("cd \(shared)/below && $MPORCH \(command)")
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
        #expect(
          outcome.errors.contains("'\(shared)/mporch.yaml' is not taken: others may write to '\(place)'"),
          "\(outcome.errors)")
      }
      let named = try world.shell("cd \(shared)/below && $MPORCH up -f ../mporch.yaml")
      #expect(named.status == 0 && named.text == "a-1  | hello\n", "\(named)")
    }
  }

  /// Seen to fail: not a word of where it comes from.
  @Test func aTopologyOfAnotherFolderIsNamed() throws {
    try World.with { world in
      mkdir("\(world.folder)/below", 0o700)
      _ = try world.write("mporch.yaml", Self.hello)
      chmod("\(world.folder)/mporch.yaml", 0o644)
      let above = try world.shell("cd \(world.folder)/below && $MPORCH up")
      #expect(above.status == 0 && above.errors == "mporch: taking '\(world.folder)/mporch.yaml'\n", "\(above)")
      #expect(try world.shell("cd \(world.folder) && $MPORCH up").errors.isEmpty)
    }
  }

  /// Root runs nothing that another user has written, unless it is named. Seen to fail: it did.
  @Test(.enabled(if: isRoot, "only root can give a file to another user"))
  func aTopologyAboveOfAnotherUserIsNotTaken() throws {
    try World.with { world in
      mkdir("\(world.folder)/below", 0o700)
      chown(try world.write("mporch.yaml", Self.hello), uid_t(Self.attacker), 0)
      let up = try world.shell("cd \(world.folder)/below && $MPORCH up")
      #expect(up.status == 64 && up.errors.contains("others may write to '\(world.folder)/mporch.yaml'"), "\(up)")
    }
  }
}
