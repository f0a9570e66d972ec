import Testing

@testable import Topology

@Suite struct LimitTests {
  private func tooDeep(_ text: String) -> Bool {
    load(text).findings.first?.hasSuffix("maps and lists are nested more than 64 levels deep") == true
  }

  /// Seen to fail: no bound.
  @Test func tenThousandLevelsAreADiagnostic() {
    let count = 10_000
    #expect(tooDeep(String(repeating: "[", count: count)))
    #expect(tooDeep(String(repeating: "[", count: count) + String(repeating: "]", count: count)))
    #expect(tooDeep(String(repeating: "{a: ", count: count)))
    #expect(tooDeep(String(repeating: "- ", count: count) + "x\n"))
    #expect(
      tooDeep(String(repeating: "? ", count: count) + "x\n")
        || !load(String(repeating: "? ", count: count)).findings.isEmpty)
    let indented = (0..<count).map { String(repeating: " ", count: min($0, 100)) + "a:\n" }.joined()
    #expect(tooDeep(indented))
  }

  /// Seen to fail: sixty-three.
  @Test func sixtyFourLevelsAreFine() {
    #expect(load(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).findings == [])
    #expect(tooDeep(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)))
  }

  /// Seen to fail: only what is written counted.
  @Test func aliasesCountTheDepthOfWhatTheyRepeat() {
    let deep = "a: &a " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "\n"
    #expect(load(deep + "b: *a\n").findings == [])
    let nested = "b: " + String(repeating: "[", count: 30) + "*a" + String(repeating: "]", count: 30) + "\n"
    #expect(tooDeep(deep + nested))
  }

  /// Seen to fail: an alias counted as one node: the count overflowed.
  @Test func anAliasBombIsADiagnostic() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let items = repeatElement("*a\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(items)]\n"
    }
    #expect(load(bomb).findings == ["5:45-48 aliases expand to more than 100000 nodes"])
  }

  /// Seen to fail: the same.
  @Test func aBombOfMergesIsADiagnostic() {
    let keys = (0..<1000).map { "k\($0): 1" }.joined(separator: ", ")
    let merges = (0..<200).map { "m\($0): {<<: *a}\n" }.joined()
    #expect(load("a: &a {\(keys)}\n" + merges).findings.map { $0.hasSuffix("more than 100000 nodes") } == [true])
  }

  @Test func anHonestLongListIsNoBomb() {
    let document = load("a: [" + repeatElement("1", count: 200_000).joined(separator: ",") + "]\n")
    #expect(document.findings == [])
  }

  @Test func aLargeFileIsRefusedUnread() {
    let access = FileAccess { _, limit in
      100 << 20 > limit ? .failure(.tooLarge) : .success([])
    }
    let document = DocumentLoader.load(files: ["big.yaml"], environment: [], access: access)
    #expect(document.findings == ["the file is larger than 8 MiB"])
    #expect(document.root == nil)
  }

  /// Seen to fail: what was read not looked at.
  @Test func aLargeFileIsRefusedEvenWhereItIsRead() {
    #expect(load(bytes: [UInt8](repeating: 0x61, count: (8 << 20) + 1)).findings == ["the file is larger than 8 MiB"])
  }

  /// Seen to fail: the sum not looked at.
  @Test func variablesCanNotFillTheMemory() {
    let value = String(repeating: "x", count: 1 << 20)
    let text = "a: [" + repeatElement("'${V}'", count: 1000).joined(separator: ",") + "]\n"
    let findings = load(text, environment: ["V": value]).findings
    #expect(findings.contains { $0.hasSuffix("substitution makes more than 8 MiB of text") })
  }

  /// Seen to fail: the last word left out.
  @Test func errorsWithoutEndStopAtAHundred() {
    let variables = "a: '" + String(repeating: "${A}", count: 2000) + "'\n"
    let list = "[ü, " + String(repeating: "'${A}',", count: 2000) + "]\n"
    for text in [variables, list, String(repeating: "a: b\n", count: 2000)] {
      let findings = load(text).findings
      #expect(findings.count == 101)
      #expect(findings.first == "100 errors, and the rest of the file was not looked at")
    }
  }

  /// Seen to fail: one level more.
  @Test func nestedVariablesAreBounded() {
    let text = "a: " + String(repeating: "${A:-", count: 10_000) + "x" + String(repeating: "}", count: 10_000) + "\n"
    #expect(load(text).findings == ["1:84-59989 '${' is nested more than 16 levels deep"])
  }
}
