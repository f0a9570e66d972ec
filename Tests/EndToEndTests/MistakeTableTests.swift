#if Lua
  import Testing

  /// Tests/Mistakes/mistakes.txt: what someone new writes, and the one thing that is told of it.
  @Suite struct MistakeTableTests {
    private struct Row {
      var text: String
      /// `LINE:COLUMN error: …`; a place of `-`: the file as a whole.
      var finding: String
      /// `-`: none.
      var help: String
    }

    private static var rows: [Row] {
      readText("\(World.root)/Tests/Mistakes/mistakes.txt").components(separatedBy: "\n\n").compactMap { block in
        let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
        let told = lines.filter { $0.hasPrefix("=> ") }.map { String($0.dropFirst(3)) }
        guard told.count == 2 else { return nil }
        let text = lines.prefix { !$0.hasPrefix("=> ") }.joined(separator: "\n") + "\n"
        return Row(text: text, finding: told[0], help: told[1])
      }
    }

    /// Seen to fail, of two thirds of the rows: no word of what to write, all keys listed, what follows from it told too,
    /// the place on a later line, nothing at all.
    @Test func eachIsToldOnceAtItsPlaceWithWhatToWrite() throws {
      let rows = Self.rows
      #expect(rows.count > 200)
      try World.with { world in
        for row in rows {
          let file = try world.write("m.yaml", row.text)
          let outcome = try world.run("check", file)
          let told = findings(outcome.text + outcome.errors, file)
          #expect(told.count == 1, "\(row.text)\n\(told)")
          let finding = row.finding.replacing("FOLDER", with: world.folder)
          #expect(told.first?.finding == finding, "\(row.text)")
          #expect(told.first?.help ?? "-" == row.help, "\(row.text)")
        }
      }
    }

    private func findings(_ text: String, _ file: String) -> [(finding: String, help: String?)] {
      var found: [(finding: String, help: String?)] = []
      for line in text.split(separator: "\n") {
        if line.hasPrefix("\(file): ") {
          found.append(("- " + line.dropFirst(file.count + 2), nil))
        } else if line.hasPrefix("\(file):") {
          let rest = line.dropFirst(file.count + 1)
          let place = rest.split(separator: ":", maxSplits: 2)
          if place.count == 3, !place[2].hasPrefix(" note") {
            found.append(("\(place[0]):\(place[1])\(place[2])", nil))
          }
        } else if let help = line.firstRange(of: "= help: "), !found.isEmpty {
          found[found.count - 1].help = String(line[help.upperBound...])
        }
      }
      return found
    }
  }
#endif
