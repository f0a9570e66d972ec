import Testing

/// What processes print reaches the user whole, while they run and after.
@Suite(.serialized) struct LogTests {
  private func printing(_ world: World, _ text: [UInt8], replicas: Int = 1) throws -> String {
    _ = try world.write("in.txt", text)
    return try world.write(
      "say.yaml",
      """
      queues: {lines: {bytes: 8MiB}}
      processes:
        read: {task: read-lines, with: {path: in.txt}, out: lines}
        say: {task: print, replicas: \(replicas), in: lines}
      """)
  }

  @Test func aLineOfAMegabyteStaysWhole() throws {
    try World.with { world in
      let line = [UInt8](repeating: 0x78, count: 1 << 20)
      let file = try printing(world, line)
      #expect(try world.run("up", "--no-log-prefix", file).output == line + [10])
      #expect(try world.run("logs", "-p", "say", "--no-log-prefix").output == line + [10])
    }
  }

  @Test func bytesThatAreNoTextPassAsTheyAre() throws {
    try World.with { world in
      let bytes: [UInt8] = [0x61, 0xff, 0xfe, 0x62, 0xc3]
      let file = try printing(world, bytes)
      let up = try world.run("up", "--no-log-prefix", file)
      #expect(up.status == 0)
      #expect(up.output.starts(with: [0x61]) && up.output.contains(0x62) && up.output.last == 10)
    }
  }

  @Test func linesOfFourWritersAreNeitherLostNorMixed() throws {
    try World.with { world in
      let expected = (0..<20_000).map { "line \($0) of them all" }
      let file = try printing(world, Array(expected.joined(separator: "\n").utf8), replicas: 4)
      #expect(try world.run("up", "--no-log-prefix", file).lines.sorted() == expected.sorted())
      #expect(try world.run("logs", "-p", "say", "--no-log-prefix").lines.sorted() == expected.sorted())
    }
  }

  @Test func logsAreNarrowedAndFormatted() throws {
    try World.with { world in
      let file = try printing(world, Array((1...9).map { "n\($0)\n" }.joined().utf8))
      #expect(try world.run("up", file).status == 0)
      let tail = try world.run("logs", "say", "-p", "say", "--no-log-prefix", "--tail", "2")
      #expect(tail.text == "n8\nn9\n")
      #expect(try world.run("logs", "say", "-p", "say", "--since", "2000-01-01T00:00:00Z").lines.count == 9)
      #expect(try world.run("logs", "say", "-p", "say", "--since", "2999-01-01T00:00:00Z").lines.isEmpty)
      let times = try world.run("logs", "say", "-p", "say", "-t").lines
      #expect(times.count == 9 && times.allSatisfy { $0.contains(/\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/) })
      let json = try world.run("logs", "say", "-p", "say", "--format", "json").lines
      #expect(json.count == 9 && json[0].contains(#""name":"say-1""#) && json[0].contains(#""text":"n1""#))
    }
  }

  @Test func aClosedStandardOutputIsNoReasonToComplain() throws {
    try World.with { world in
      let file = try printing(world, Array((0..<50_000).map { "line \($0)\n" }.joined().utf8))
      #expect(try world.run("up", file).status == 0)
      let head = try world.shell("$MPORCH logs -p say | head -n 1")
      #expect(head.lines.count == 1 && head.errors.isEmpty, "\(head.errors)")
      #expect(try world.shell("{ $MPORCH up \(file); echo $? >&2; } | head -n 1").errors.hasSuffix("0\n"))
    }
  }
}
