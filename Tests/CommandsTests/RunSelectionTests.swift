import Testing

@testable import Commands

@Suite struct RunSelectionTests {
  private let wordcount = KnownRun(name: "wordcount", files: ["/t/wordcount.yaml"])
  private let pi = KnownRun(name: "pi", files: ["/t/pi.yaml"])

  private func selection(_ live: [KnownRun], ended: [KnownRun] = [], folderFile: String? = nil) -> RunSelection {
    RunSelection(live: live, ended: { ended }, folderFile: folderFile, nameOfProject: { _ in "of-file" })
  }

  @Test func takesTheNamedOneAliveOrNot() throws {
    #expect(try selection([wordcount, pi]).select(RunRequest(project: "pi", files: [])) == "pi")
    #expect(try selection([]).select(RunRequest(project: "gone", files: [])) == "gone")
  }

  @Test func takesTheRunOfAFileUnderWhateverName() throws {
    let renamed = KnownRun(name: "other", files: ["/t/wordcount.yaml"])
    #expect(try selection([renamed, pi]).select(RunRequest(project: nil, files: ["/t/wordcount.yaml"])) == "other")
  }

  /// Seen to fail: the name that the file declares.
  @Test func takesTheLastRunOfAFileWhereNoneIsAlive() throws {
    let ended = ["last", "first"].map { KnownRun(name: $0, files: ["/t/x.yaml"]) }
    #expect(try selection([pi], ended: ended).select(RunRequest(project: nil, files: ["/t/x.yaml"])) == "last")
    #expect(try selection([pi], ended: ended, folderFile: "/t/x.yaml").select(.init(project: nil, files: [])) == "last")
    let live = KnownRun(name: "live", files: ["/t/x.yaml"])
    #expect(try selection([live], ended: ended).select(RunRequest(project: nil, files: ["/t/x.yaml"])) == "live")
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
