#if Lua
  import Testing

  /// The pages and the program say the same: what stands there as a file is one, what stands there as output comes out.
  @Suite struct DocsTests {
    private struct Block {
      var page: String
      var line: Int
      /// Behind the opening fence.
      var language: String
      var lines: [String]
      var text: String { lines.map { $0 + "\n" }.joined() }
      var place: String { "\(page):\(line)" }
      /// With processes, so that it can be run.
      var isFile: Bool { language == "yaml" && lines.contains("processes:") }
      /// A part of one: sections, and nothing else.
      var isPart: Bool {
        language == "yaml" && !isFile && Self.sections.contains { lines.first?.hasPrefix($0 + ":") == true }
      }

      private static let sections = [
        "values", "arrays", "queues", "pipes", "locks", "semaphores", "conditions", "events", "barriers", "managed",
        "logging", "environment", "env_file",
      ]
    }

    private static let pages =
      names(in: "\(World.root)/docs").filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted() + ["README.md"]

    private static func blocks(of page: String) -> [Block] {
      var blocks: [Block] = []
      var open: Block?
      let lines = readText("\(World.root)/\(page)").split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        if line.hasPrefix("```") {
          if let block = open { blocks.append(block) }
          open = open == nil ? Block(page: page, line: index + 1, language: String(line.dropFirst(3)), lines: []) : nil
        } else {
          open?.lines.append(String(line))
        }
      }
      return blocks
    }

    /// A kind that the reader adds.
    private static let ofOtherPrograms = ["docs/new-kind.md"]

    private static var files: [Block] {
      pages.filter { !ofOtherPrograms.contains($0) }.flatMap(blocks).filter(\.isFile)
    }

    /// What the pages suppose to be there.
    private func furnish(_ world: World) throws {
      _ = try world.shell(
        """
        cd \(world.folder) && mkdir -p texts corpus && cp /usr/share/common-licenses/GPL-3 texts/ &&
        cp /usr/share/common-licenses/Apache-2.0 texts/ && head -n 40 texts/GPL-3 >corpus/a.txt &&
        printf 'NAME=value\\n' >.env && printf '#!/bin/sh\\necho "$0 $LOG_LEVEL"\\n' >web && cp web worker &&
        chmod +x web worker && printf 'for line in open(0): print(len(line), flush=True)\\n' >score.py
        """)
    }

    /// Seen to fail: five of them read queues that they did not declare.
    @Test func whatStandsThereAsAFileIsOne() throws {
      try World.with { world in
        try furnish(world)
        #expect(Self.files.count > 10)
        for block in Self.files {
          let check = try world.run("check", try world.write("block.yaml", block.text))
          #expect(
            check.status == 0 && !check.text.contains(": warning:"), "\(block.place)\n\(check.text)\(check.errors)")
        }
        for block in Self.pages.flatMap(Self.blocks) where block.isPart {
          let idle = "\nprocesses: {idle: {task: sleep, with: {for: 1ms}}}\n"
          let check = try world.run("check", try world.write("part.yaml", block.text + idle))
          #expect(check.status == 0, "\(block.place)\n\(check.text)\(check.errors)")
        }
      }
    }

    /// Seen to fail: with a kind's name misspelt in one.
    @Test func whatEndsByItselfSucceeds() throws {
      // Paced for the eye, and one whose processes serve for ever.
      let tooSlow = ["rate: 40", "ready_log_line"]
      try World.with { world in
        try furnish(world)
        for block in Self.files where !tooSlow.contains(where: { block.text.contains($0) }) {
          let up = try world.run("up", try world.write("block.yaml", block.text))
          #expect(up.status == 0, "\(block.place)\n\(up.text)\(up.errors)")
        }
      }
    }

    /// The commands of a page's blocks that can only have one answer, given in their order to the last file before them.
    /// Seen to fail: the counts of texts of another version.
    @Test(arguments: ["docs/start.md", "docs/classics.md", "README.md"])
    func whatACommandPrintsIsWhatStandsThere(page: String) throws {
      let ofTheCheckout = "mporch up topologies/classics/queue.yaml"
      let known = ["mporch check wordcount.yaml", "mporch up wordcount.yaml", "mporch up words.yaml", ofTheCheckout]
      try World.with { world in
        try furnish(world)
        var file = ""
        var shown = 0
        for block in Self.blocks(of: page) {
          if block.isFile { file = block.text }
          for (command, output) in Self.commands(of: block) where known.contains(command) {
            if command != ofTheCheckout { _ = try world.write(String(command.split(separator: " ")[2]), file) }
            let folder = command == ofTheCheckout ? World.root : world.folder
            let outcome = try world.shell("cd \(folder) && $MPORCH \(command.dropFirst(7))")
            #expect(outcome.text + outcome.errors == output, "\(block.place): \(command)")
            shown += 1
          }
        }
        #expect(shown > 0)
      }
    }

    /// `$ COMMAND` and the lines below it.
    private static func commands(of block: Block) -> [(command: String, output: String)] {
      guard block.language == "console" else { return [] }
      var commands: [(command: String, output: String)] = []
      for line in block.lines {
        if line.hasPrefix("$ ") {
          commands.append((String(line.dropFirst(2)), ""))
        } else if !commands.isEmpty {
          commands[commands.count - 1].output += line + "\n"
        }
      }
      return commands
    }

    /// Diagnostics that stand on the pages, and a file that makes each.
    private static let diagnostics: [(page: String, file: String, text: String)] = [
      (
        "docs/errors.md", "wordcount.yaml",
        """
        name: wordcount

        queues: [lines, counts]
        processes:
          read:
            task: read-lines
            with: {path: corpus/*.txt}
            out: lines
          count:
            task: count-words
            replicas: 4


            in: linez
            out: counts
          top: {task: merge-counts, in: counts}
        """
      ),
      (
        "docs/start.md", "wordcount.yaml",
        """
        queues: [lines, counts]
        processes:
          read:
            task: read-lines
            with: {path: texts/*}
            out: lines
          count:
            task: count-words
            replicas: 2
            in: linse
            out: counts
          top:
            task: merge-counts
            with: {top: 5}
            in: counts
        """
      ),
      ("docs/coming-from.md", "web.yaml", "processes:\n  web:\n    environment: {PORT: 8080}\n    command: ./web\n"),
    ]

    /// Seen to fail: the place of an older file.
    @Test(arguments: diagnostics.indices) func aDiagnosticIsWhatStandsThere(index: Int) throws {
      let (page, name, text) = Self.diagnostics[index]
      try World.with { world in
        _ = try world.write(name, text)
        let check = try world.shell("cd \(world.folder) && $MPORCH check \(name)")
        let shown = Self.blocks(of: page).filter { $0.language.isEmpty }.map(\.text)
        #expect(check.status == 65 && shown.contains(check.text), "\(check.text)")
      }
    }

    /// But for its times. Seen to fail: with the names of another file.
    @Test func aDeadlockIsToldAsItStandsThere() throws {
      try World.with { world in
        _ = try world.write(
          "pay.yaml",
          """
          locks: [ledger, audit]
          processes:
            first:
              script: |
                ledger:acquire()
                sleep(0.1)
                audit:acquire()
              use: [ledger, audit]
            second:
              script: |
                audit:acquire()
                sleep(0.1)
                ledger:acquire()
              use: [ledger, audit]
          """)
        let up = try world.shell("cd \(world.folder) && $MPORCH up pay.yaml")
        let shown = Self.blocks(of: "docs/errors.md").first { $0.text.hasPrefix("pay.yaml:") }
        #expect(up.status == 1)
        #expect(Self.timeless(up.errors).contains(Self.timeless(shown?.text ?? "none")), "\(up.errors)")
      }
    }

    private static func timeless(_ text: String) -> String { text.replacing(/\d+\.\d+s/, with: "T") }

    /// Tables whose numbers are never the same: their heads are. Seen to fail: with a column left out.
    @Test func tablesHaveTheColumnsThatStandThere() throws {
      try World.withRun("queues: {q: {external: true}}\nprocesses: {a: {task: print, in: q}}\n") { world in
        var heads: Set<String> = []
        for command in ["ps", "inspect", "why"] {
          heads.formUnion(try world.run(command).text.split(separator: "\n").map(Self.words))
        }
        for block in Self.pages.flatMap(Self.blocks) where block.language == "console" {
          for line in block.lines where line.hasPrefix("NAME ") || line.hasPrefix("QUEUE ") {
            #expect(heads.contains(Self.words(line)), "\(block.place): \(line)")
          }
        }
      }
    }

    private static func words(_ line: some StringProtocol) -> String {
      line.split(separator: " ").joined(separator: " ")
    }
  }
#endif
