import Testing

@testable import Commands

@Suite struct RunSelectionTests {
  private let wordcount = LiveRun(name: "wordcount", files: ["/t/wordcount.yaml"])
  private let pi = LiveRun(name: "pi", files: ["/t/pi.yaml"])

  private func selection(_ live: [LiveRun], folderFile: String? = nil) -> RunSelection {
    RunSelection(live: live, folderFile: folderFile, nameOfProject: { _ in "of-file" })
  }

  @Test func takesTheNamedOneAliveOrNot() throws {
    #expect(try selection([wordcount, pi]).select(RunRequest(project: "pi", files: [])) == "pi")
    #expect(try selection([]).select(RunRequest(project: "gone", files: [])) == "gone")
  }

  @Test func takesTheRunOfAFileUnderWhateverName() throws {
    let renamed = LiveRun(name: "other", files: ["/t/wordcount.yaml"])
    #expect(try selection([renamed, pi]).select(RunRequest(project: nil, files: ["/t/wordcount.yaml"])) == "other")
  }

  @Test func takesTheNameThatTheFileDeclaresWhereItDoesNotRun() throws {
    #expect(try selection([pi]).select(RunRequest(project: nil, files: ["/t/x.yaml"])) == "of-file")
  }

  @Test func staysWithTheFileOfThisFolderThoughAnotherRunIsTheOnlyOneAlive() throws {
    let selected = try selection([pi], folderFile: "/t/mporch.yaml").select(RunRequest(project: nil, files: []))
    #expect(selected == "of-file")
  }

  @Test func takesTheOnlyOneAlive() throws {
    #expect(try selection([pi]).select(RunRequest(project: nil, files: [])) == "pi")
    #expect(try selection([]).select(RunRequest(project: nil, files: [])) == nil)
  }

  @Test func listsTheRunsWhereItCannotChoose() {
    let failure = #expect(throws: CommandFailure.self) {
      try selection([pi, wordcount]).select(RunRequest(project: nil, files: []))
    }
    #expect(failure?.status == .usage)
    #expect(
      failure?.message == """
        several runs are alive; say which one:
          -p pi  (/t/pi.yaml)
          -p wordcount  (/t/wordcount.yaml)
        """)
  }
}
