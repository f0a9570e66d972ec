#if Lua
  import Testing

  /// The way to gather items that docs/scripts.md shows.
  @Suite(.serialized) struct ScriptGatherTests {
    /// Seen to fail: with a table that the script fills itself, what it had gathered when it was killed.
    @Test func nothingThatWasGatheredIsLostWithItsScript() throws {
      try World.with { world in
        let page = try String(contentsOfFile: "\(World.root)/docs/scripts.md")
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().map {
          String($0).components(separatedBy: "```")[0]
        }
        let block = try #require(blocks.first { $0.contains("task: batch") })
        // As it stands there, but that the first lives die in the middle of a list.
        let mortal = block.replacing(
          "print(\"storing\"",
          with: "if not io.open('died') then io.open('died', 'w'):close() exit(1) end\n        print(\"storing\"")
        let file = try world.write("gather.yaml", String(mortal))
        let outcome = try world.run("up", "--no-log-prefix", file)
        #expect(outcome.status == 0, "\(outcome)")
        let stored = outcome.lines.filter { $0.hasPrefix("storing") }
        let ranges = stored.map { $0.split(whereSeparator: \.isWhitespace).compactMap { Int($0) } }
        #expect(ranges.map { $0[1] } == stride(from: 0, to: 1000, by: 100).map { $0 }, "\(stored)")
        #expect(ranges.allSatisfy { $0[0] == 100 && $0[2] == $0[1] + 99 })
      }
    }
  }

  extension String {
    fileprivate init(contentsOfFile path: String) throws { self = String(decoding: readBytes(path), as: UTF8.self) }
  }
#endif
