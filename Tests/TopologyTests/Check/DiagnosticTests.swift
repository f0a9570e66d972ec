import Testing
import Topology

/// One case for each thing that can be wrong: the file, and `line:column: severity: message` of all that is told.
struct DiagnosticCase: Sendable, CustomTestStringConvertible {
  var text: String
  var expected: [String]

  init(_ text: String, _ expected: String...) {
    self.text = text
    self.expected = expected
  }

  var testDescription: String { expected.first ?? text }

  /// With a process that sleeps, so that only what is in question is told.
  static func resource(_ text: String, _ expected: String...) -> DiagnosticCase {
    var test = DiagnosticCase(text + "\nprocesses: {idle: {task: sleep, with: {for: 1s}}}")
    test.expected = expected
    return test
  }

  /// The keys of process `a`, after a section of each sort.
  static func process(_ keys: String, _ expected: String...) -> DiagnosticCase {
    var test = DiagnosticCase(
      """
      x-sections:
      processes:
        a: {\(keys)}
        b: {task: sleep, with: {for: 1s}}
      """)
    test.expected = expected
    return test
  }
}

@Suite struct DiagnosticTests {
  @Test(arguments: topLevel + names + resources + processes + wiring + kinds + whole)
  func tells(_ test: DiagnosticCase) {
    #expect(Loading.lines(test.text) == test.expected)
  }
}
