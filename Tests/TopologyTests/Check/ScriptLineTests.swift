import Testing
import Topology

/// Scripts whose lines are not those of their file: folded, quoted, plain.
@Suite struct ScriptLineTests {
  static let files = [
    "script: |\n      x1 = 1\n\n      x2 = 2\n",
    "script: >\n      x1 = 1\n      x2 = 2\n\n      x3 = 3\n\n\n        x4 = 4\n      x5 = 5\n",
    "script: >-  # x0\n      x1 = 1 --[[ x2\n      ]] x2 = 2\n",
    #"script: "x1 = 1\nx2 = 2\n\nx3 = 3""# + "\n",
    #"script: "x1 = '\\n\x20\u0078' -- no\n"# + "\n      x2 = '\\\"' \\\n      x3 = 3\\t\\n\n\n      x4 = 4\"\n",
    "script: 'x1 = ''a''\n\n      x2 = [[b]] x3 = 3\n      x4 = 4'\n",
    "script:\n      x1 = 1\n      x2 = 2\n\n      x3 = 3\n",
    "script: &text !!str \"x1 = 1 x2 = 2\n      x3 = 3\"\n",
    "script: \"ü = 'é' -- x0\\n\\\n      x1 = 'ü' x2 = 2\"\n",
  ]

  // Seen to fail: lines counted from the script's first.
  @Test(arguments: files) func areLaidOutOnThoseOfTheFile(text: String) throws {
    let file = "processes:\n  a:\n    " + text + "  b: {script: y}\n"
    let script = try script(file)
    let words = 1...5
    func lines(_ text: String) -> [Int] {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return words.compactMap { word in lines.lastIndex { $0.contains("x\(word) =") } }
    }
    #expect(lines(file) == lines(script.onLinesOfFile), "\(script.onLinesOfFile)")
    #expect(!lines(file).isEmpty)
    for word in words {
      guard let index = lines(file)[safe: word - 1] else { continue }
      let line = file.split(separator: "\n", omittingEmptySubsequences: false)[index]
      let column = line.distance(from: line.startIndex, to: try #require(line.ranges(of: "x\(word) =").last).lowerBound)
      let place = script.place(ofLine: index + 1, near: "x\(word) =")
      #expect(place == Place(file: "t.yaml", line: index + 1, column: column + 1, endColumn: column + 5))
    }
  }

  /// What a long string or a quoted one holds is not for the lines' sake changed.
  @Test func keepTheirTexts() throws {
    let script = try script(
      "processes: {a: {script: \"x = [[a\\nb\\n\\nc]] .. '--\\\\\\n' .. \\\"[[\\\" -- [[\\ny = 1\"}}")
    #expect(script.source == "x = [[a\nb\n\nc]] .. '--\\\n' .. \"[[\" -- [[\ny = 1")
    #expect(script.onLinesOfFile == " x = [[a\nb\n\nc]] .. '--\\\n' .. \"[[\" y = 1")
  }

  @Test func aWholeLineIsMarkedWithoutAWord() throws {
    let script = try script("processes:\n  a:\n    script: >\n      x = 1\n      y = = 2\n\n      z = 3\n")
    #expect(script.place(ofLine: 5, near: nil) == Place(file: "t.yaml", line: 5, column: 7, endColumn: 14))
    #expect(script.place(ofLine: 5, near: "=") == Place(file: "t.yaml", line: 5, column: 11, endColumn: 12))
    #expect(script.place(ofLine: 5, near: "z") == Place(file: "t.yaml", line: 5, column: 7, endColumn: 14))
  }

  private func script(_ file: String) throws -> Script {
    let result = Loading(file).result()
    #expect(result.diagnostics.isEmpty)
    guard case .script(let script)? = result.topology?.process("a")?.work else { throw Missing() }
    return script
  }

  private struct Missing: Error {}
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
