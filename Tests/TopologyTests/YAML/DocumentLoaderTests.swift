import Testing

@testable import Topology

@Suite struct DocumentLoaderTests {
  /// Seen to fail: a later map in place of the earlier one.
  @Test func laterFilesReplaceValuesAndAddKeys() throws {
    let document = load([
      "a.yaml": "name: a\nprocesses:\n  p: {task: range, with: {stop: 1, step: 2}, out: [x, y]}\n",
      "b.yaml": "processes:\n  p: {with: {stop: 9}, out: z}\n  q: {task: discard}\n",
    ])
    #expect(document.findings == [])
    #expect(
      document.literal
        == .map([
          ("name", .string("a")),
          (
            "processes",
            .map([
              (
                "p",
                .map([
                  ("task", .string("range")), ("with", .map([("stop", .int(9)), ("step", .int(2))])),
                  ("out", .string("z")),
                ])
              ), ("q", .map([("task", .string("discard"))])),
            ])
          ),
        ]))
    #expect(document["processes", "p", "with", "stop"]?.place.description == "b.yaml:2:20")
    #expect(document["processes", "p", "with", "step"]?.place.description == "a.yaml:3:42")
  }

  /// Seen to fail: a list not taken for a map.
  @Test(arguments: [
    ("locks: [a]", "locks: [b, a]", ["a", "b"]), ("locks: [a]", "locks: {b: {recursive: true}}", ["a", "b"]),
    ("locks: {a: {recursive: true}}", "locks: [b]", ["a", "b"]),
  ])
  func listsAndMapsOfResourcesMerge(first: String, second: String, names: [String]) {
    let document = load(["a.yaml": first, "b.yaml": second])
    #expect(document.findings == [])
    guard case .mapping(let entries) = document["locks"]?.content else { return #expect(Bool(false)) }
    #expect(entries.map(\.key) == names)
  }

  /// Seen to fail: a name says nothing of it.
  @Test func namingAResourceAgainLeavesWhatIsKnownOfIt() {
    let document = load(["a.yaml": "queues: {q: {capacity: 3}}", "b.yaml": "queues: [q]"])
    #expect(document.literal == .map([("queues", .map([("q", .map([("capacity", .int(3))]))]))]))
  }

  /// Seen to fail: every list taken for names.
  @Test func aListThatIsNoSectionIsReplaced() {
    let document = load(["a.yaml": "x: [1, 2]", "b.yaml": "x: [3]"])
    #expect(document.literal == .map([("x", .list([.int(3)]))]))
  }

  @Test func aSingleFileKeepsItsLists() {
    #expect(load("locks: [a, a]").literal == .map([("locks", .list([.string("a"), .string("a")]))]))
  }

  /// Seen to fail: an unreadable one taken for missing.
  @Test func aMissingFileIsToldApart() {
    let access = FileAccess { path, _ in
      path == "b.yaml" ? .failure(.notFound) : .failure(.unreadable(reason: "Permission denied"))
    }
    let document = DocumentLoader.load(files: ["a.yaml", "b.yaml"], environment: [], access: access)
    #expect(document.missingFiles == ["b.yaml"])
    #expect(document.findings == ["can't read the file: Permission denied", "no such file"])
    #expect(document.root == nil)
  }

  @Test func findingsOfAllFilesComeInTheirOrder() {
    let document = load(["z.yaml": "a: [", "a.yaml": "b: ${U}\nc: ${U}"])
    #expect(document.diagnostics.inOrder(of: document.sources).map(\.file) == ["z.yaml", "a.yaml", "a.yaml"])
    #expect(document.root == nil)
  }
}
