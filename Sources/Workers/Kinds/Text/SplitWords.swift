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
    var small = LowercasedText()
    let input = worker.input
    while let batch = try input.next() {
      try batch.forEach { record in
        var text = try TextPort.text(of: record, input.type, for: "split-words")
        if lowercase { text = small.lowercase(text) }
        try WordScanner.forEachWord(in: text, separatedBy: .whiteSpace) {
          try output.append(UnsafeRawBufferPointer(start: $0, count: $1))
        }
      }
    }
  }
}
