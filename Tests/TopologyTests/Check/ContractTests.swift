import Testing
import Topology

@Suite struct ContractTests {
  static let wordCount = """
    name: wordcount
    queues: [lines, counts]
    processes:
      read:
        task: read-lines
        with: {path: corpus/*.txt}
        out: lines
      count:
        task: take
        replicas: 4
        in: lines
        out: counts
      top:
        task: write-lines
        in: counts
    """

  @Test func takesTheExampleOfTheContract() throws {
    let result = Loading(Self.wordCount).result()
    #expect(result.diagnostics.isEmpty)
    let topology = try #require(result.topology)
    #expect(topology.name == "wordcount")
    #expect(topology.directory == "/home/ann/t")
    #expect(topology.process("read")?.arguments.string("path") == "/home/ann/t/corpus/*.txt")
    #expect(topology.process("count")?.replicas == 4)
    #expect(topology.process("top")?.arguments.string("path") == "-")
    #expect(topology.queue("lines")?.storedType == .string)
    #expect(topology.queue("counts")?.storedType == .string)
  }

  @Test func reportsAsTheContractShows() {
    let text = Self.wordCount.replacingLast("in: lines", with: "in: linez")
    #expect(
      Loading.report(text) == """
        t.yaml:11:9: error: process 'count' reads 'linez', which no resource declares
           11 |     in: linez
              |         ^~~~~
              = help: did you mean 'lines' (line 2)?

        """)
  }

  @Test func namesAreThoseOfFileFolderOrCommand() {
    let text = "processes: {a: {task: sleep, with: {for: 1s}}}"
    var loading = Loading(text)
    #expect(loading.result().topology?.name == "t")
    loading.files["mporch.yaml"] = text
    loading.request.files = ["mporch.yaml"]
    loading.request.currentDirectory = "/home/ann/my project"
    #expect(loading.result().topology?.name == "my-project")
    loading.request.projectName = "other"
    #expect(loading.result().topology?.name == "other")
    loading.request.projectName = "no name"
    #expect(loading.lines == ["error: 'no name' can't name a topology"])
  }

  @Test func tellsMissingFilesApart() {
    var loading = Loading("")
    loading.request.files = ["gone.yaml"]
    #expect(loading.result().missingFiles == ["gone.yaml"])
    loading = Loading(Self.wordCount)
    loading.request.environmentFiles = ["gone.env"]
    #expect(loading.result().missingFiles == ["gone.env"])
    #expect(loading.result().topology == nil)
  }

  @Test func mergesFilesAndNamesTheOneAtFault() {
    var loading = Loading(Self.wordCount)
    loading.files["local.yaml"] = "processes: {count: {replicas: none}}\n"
    loading.request.files = ["t.yaml", "local.yaml"]
    #expect(
      loading.report == """
        local.yaml:1:31: error: 'replicas' of process 'count' must be a whole number from 1 to 10000, not 'none'
            1 | processes: {count: {replicas: none}}
              |                               ^~~~

        """)
  }

  @Test func variablesComeFromEnvironmentThenFiles() {
    var loading = Loading("processes: {a: {task: range, with: {stop: '${N}', start: '${M:-7}'}, out: q}}\nqueues: [q]")
    loading.files[".env"] = "N=1\nM=2"
    loading.files["x.env"] = "N=3"
    #expect(loading.result().topology?.process("a")?.arguments.int("stop") == 1)
    #expect(loading.result().topology?.process("a")?.arguments.int("start") == 2)
    loading.request.environmentFiles = ["x.env"]
    #expect(loading.result().topology?.process("a")?.arguments.int("stop") == 3)
    loading.request.environment = ["N": "4"]
    #expect(loading.result().topology?.process("a")?.arguments.int("stop") == 4)
  }
}

extension String {
  func replacingLast(_ part: String, with other: String) -> String {
    guard let range = ranges(of: part).last else { return self }
    return replacingCharacters(in: range, with: other)
  }

  private func ranges(of part: String) -> [Range<String.Index>] {
    indices.compactMap { start in
      guard self[start...].hasPrefix(part) else { return nil }
      return start..<index(start, offsetBy: part.count)
    }
  }

  private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
