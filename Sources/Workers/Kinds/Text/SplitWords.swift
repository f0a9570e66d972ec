internal import Topology

/// A line in, its words out. A class: what it scans with can't be copied.
final class SplitWords: ItemKind {
  static let signature = KindSignature(
    "split-words", "Puts each word of its lines.", answers: .itemByItem, taskResult: .list,
    inputs: [.init("in", TextPort.types, "lines")],
    outputs: [.init("out", [.string], "words: what ASCII white space separates")],
    parameters: [.init("lowercase", .bool, default: .bool(false), "make ASCII letters small")])

  private let lowercase: Bool
  @exclusivity(unchecked) private var words = WordScanner(separatedBy: .whiteSpace)
  @exclusivity(unchecked) private var small = LowercasedText()

  init(_ arguments: Arguments) {
    lowercase = arguments.bool("lowercase") ?? false
  }

  func answer(_ record: UnsafeRawBufferPointer, of type: ItemType, to output: some ItemOutput) throws {
    var text = try TextPort.text(of: record, type, for: "split-words")
    if lowercase {
      small.reset(for: text.count)
      text = small.lowercase(text)
    }
    // A line's words go out before the next line begins: they are its answer.
    try words.scan(text) { try Self.put($0, to: output) }
    try words.finish { try Self.put($0, to: output) }
  }

  private static func put(_ words: WordScanner.Words, to output: some ItemOutput) throws {
    for index in 0..<words.count {
      let word = words[index]
      try output.append(UnsafeRawBufferPointer(start: word.start, count: word.byteCount))
    }
  }
}
