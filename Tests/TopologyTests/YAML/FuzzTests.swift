import Testing
import Text

@testable import Topology

@Suite struct FuzzTests {
  /// SplitMix64: the same mutations in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let valid = """
    name: wörd-count
    x-base: &base {restart: on-failure:3, environment: {A: "${A:-1}", B: '${B}'}}
    queues: [lines, counts]
    arrays: {squares: int32[4], big: {type: float64, initial: [1.5, .inf, 0x1F]}}
    processes:
      read: {task: read-lines, with: {path: corpus/*.txt}, out: lines}
      count:
        <<: *base
        script: |
          for line in input:items() do   -- 日本語 👍
            output:put(line)
          end
        in: lines
        out: counts
    """

  private static let pieces: [[UInt8]] =
    [
      "\t", "\n", "\r\n", "\r", " ", "  ", ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a",
      "*base",
      "!!str ", "!x ", "|", ">", "'", "\"", "\\", "%", "@", "`", "<<: ", "---\n", "...\n", "${", "}", "$${", "${A:?",
      "\u{0}",
      "\u{1B}", "\u{FEFF}", "\u{2028}", "\u{301}", "👨‍👩‍👧", "ä", "~", "99999999999999999999",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F], [0xED, 0xA0, 0x80]]

  private static func mutate(_ bytes: [UInt8], by generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let position = Int.random(in: 0...bytes.count, using: &generator)
      let end = min(bytes.count, position + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes.removeSubrange(position..<end)
      case 1: bytes.insert(contentsOf: pieces.randomElement(using: &generator)!, at: position)
      case 2: bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &generator))
      default: if position < bytes.count { bytes[position] = UInt8.random(in: 0...255, using: &generator) }
      }
    }
    return bytes
  }

  /// Each place must lie in its file, each rendering must be safe to print, and what has no root must say why.
  @Test(arguments: 0..<8)
  func mutatedFilesGiveATreeOrDiagnostics(seed: Int) throws {
    var generator = Generator(state: UInt64(seed))
    for _ in 0..<1000 {
      let bytes = Self.mutate(Array(Self.valid.utf8), by: &generator)
      let document = load(bytes: bytes)
      #expect(document.root != nil || document.diagnostics.hasErrors)
      for diagnostic in document.diagnostics {
        guard let place = diagnostic.place else { continue }
        let line = try #require(document.sources["a.yaml"]?.line(place.line), "\(diagnostic)")
        #expect(place.column >= 1 && place.column <= line.count + 1 && place.endColumn >= place.column, "\(diagnostic)")
      }
      let rendered = DiagnosticRenderer(sources: document.sources).render(document.diagnostics)
      #expect(!rendered.unicodeScalars.contains { TerminalText.isUnsafe($0) && $0 != "\n" })
      _ = EnvironmentFile.parse(SourceText(file: ".env", bytes: bytes))
    }
  }
}
