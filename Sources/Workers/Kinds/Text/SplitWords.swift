internal import Topology

/// A line in, its words out.
struct SplitWords: Kind {
  static let signature = KindSignature(
    "split-words", "Puts each word of its lines.", answers: .itemByItem,
    inputs: [.init("in", TextPort.types, "lines")],
    outputs: [.init("out", [.string], "words: what ASCII white space separates")],
    parameters: [.init("lowercase", .bool, default: .bool(false), "make ASCII letters small")])

  private let lowercase: Bool

  init(_ arguments: Arguments) {
    lowercase = arguments.bool("lowercase") ?? false
  }

  mutating func run(_ worker: Worker) throws {
    guard let output = worker.output else { return }
    var words = WordScanner(separatedBy: .whiteSpace)
    var small = LowercasedText()
    let input = worker.input
    while let batch = try input.next() {
      try batch.forEach { record in
        var text = try TextPort.text(of: record, input.type, for: "split-words")
        if lowercase {
          small.reset(for: text.count)
          text = small.lowercase(text)
        }
        // A line's words go out before the next line begins: they are its answer.
        try words.scan(text) { try put($0, to: output) }
        try words.finish { try put($0, to: output) }
      }
    }
  }

  private func put(_ words: WordScanner.Words, to output: Outlet) throws {
    for index in 0..<words.count {
      let word = words[index]
      try output.append(UnsafeRawBufferPointer(start: word.start, count: word.byteCount))
    }
  }
}
