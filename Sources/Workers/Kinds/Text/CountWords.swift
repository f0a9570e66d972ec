internal import Topology

/// Counts the words of its lines; at the end, puts the counts in parts that `merge-counts` adds up.
struct CountWords: Kind {
  static let signature = KindSignature(
    "count-words", "Counts the words of its lines; puts the counts, in parts, at the end.", answers: .atEnd,
    inputs: [.init("in", TextPort.types, "lines")],
    outputs: [.init("out", [.any], "maps from word to count, of about 8 KiB")],
    parameters: [
      .init("lowercase", .bool, default: .bool(false), "make ASCII letters small first"),
      .init(
        "letters", .bool, default: .bool(false),
        "a word is a run of ASCII letters, not what ASCII white space separates"),
      .init("partial", .bool, default: .bool(false), "answer even though a writer of the input failed"), .durable,
    ],
    keepsTable: true,
    check: { binding in
      binding.outputs["out", default: []].filter { $0.byteCount < 2 * CountParts.byteCount }.map { queue in
        .init(
          "count-words puts parts of \(CountParts.byteCount) bytes and more; its output holds \(queue.byteCount) bytes",
          help: "give it `bytes: \(2 * CountParts.byteCount / 1024)KiB` or more")
      }
    })

  private let lowercase: Bool
  private let separator: WordScanner.Separator
  private let partial: Bool

  init(_ arguments: Arguments) {
    lowercase = arguments.bool("lowercase") ?? false
    separator = arguments.bool("letters") == true ? .nonLetters : .whiteSpace
    partial = arguments.bool("partial") ?? false
  }

  mutating func run(_ worker: Worker) throws {
    guard !worker.hasAnswered else { return }
    var table = try WordTable(in: worker.region(), finished: worker.finishedTableBatch)
    if !worker.hasWholeInput {
      try count(worker, in: &table)
      try requireWholeInput(worker.input, partial: partial)
      worker.completeInput()
    }
    var parts = CountParts()
    var answers = AnswersAtEnd(of: worker)
    try table.forEach { word, count in
      try parts.append(word, count) { try answers.append($0, of: .any) }
    }
    try parts.finish { try answers.append($0, of: .any) }
    try answers.finish()
  }

  private func count(_ worker: Worker, in table: inout WordTable) throws {
    var words = WordScanner(separatedBy: separator)
    var small = LowercasedText()
    let input = worker.input
    let type = input.type
    while let batch = try input.next() {
      if lowercase { small.reset(for: batch.byteCount) }
      table.beginBatch()
      try batch.forEach { record in
        var text = try TextPort.text(of: record, type, for: "count-words")
        if lowercase { text = small.lowercase(text) }
        try words.scan(text) { try table.add($0) }
      }
      // The next batch takes the bytes of this one.
      try words.finish { try table.add($0) }
      worker.finishTableBatch(table.batch)
    }
  }
}
