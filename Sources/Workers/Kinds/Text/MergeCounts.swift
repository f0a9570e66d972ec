internal import Topology

/// Adds up counts of words and gives the most frequent ones.
struct MergeCounts: Kind {
  static let signature = KindSignature(
    "merge-counts", "Adds up counts; gives them most frequent first, ties by word.", answers: .atEnd,
    inputs: [.init("in", [.any], "maps from word to count")],
    outputs: [.init("out", [.any], required: false, "{word, count} items; without it `COUNT WORD` lines in the log")],
    parameters: [
      .init("top", .int(1...Int64(Int32.max)), "how many; all, if it is not given"),
      .init("partial", .bool, default: .bool(false), "answer even though a writer of the input failed"), .durable,
    ],
    keepsTable: true,
    check: { binding in
      guard binding.replicas > 1 else { return [] }
      return [
        .init(
          about: .replicas,
          "merge-counts with \(binding.replicas) replicas would give \(binding.replicas) answers, each of a part",
          help: "remove `replicas`: one merges what many count")
      ]
    })

  private let top: Int
  private let partial: Bool

  init(_ arguments: Arguments) {
    top = arguments.int("top").map { Int($0) } ?? .max
    partial = arguments.bool("partial") ?? false
  }

  mutating func run(_ worker: Worker) throws {
    guard !worker.hasAnswered else { return }
    var table = try WordTable(in: worker.region(), finished: worker.finishedTableBatch)
    if !worker.hasWholeInput {
      try merge(worker, into: &table)
      try requireWholeInput(worker.input, partial: partial)
      worker.completeInput()
    }
    if worker.output == nil { try print(table, by: worker) }
    var answers = AnswersAtEnd(of: worker)
    if worker.output != nil { try put(table, &answers) }
    try answers.finish()
  }

  private func merge(_ worker: Worker, into table: inout WordTable) throws {
    let input = worker.input
    while let batch = try input.next() {
      table.beginBatch()
      try batch.forEach { record in try merge(record, of: input.type, into: &table) }
      worker.finishTableBatch(table.batch)
    }
  }

  private func merge(_ record: UnsafeRawBufferPointer, of type: ItemType, into table: inout WordTable) throws {
    let isPart = try CountParts.forEach(in: record) { word, count in
      let total = try table.add(word.baseAddress!, word.count, count: count)
      // Each part's count fits int64, so a sum is seen here before it could wrap.
      guard total <= UInt64(Int64.max) else {
        throw KindFailure("the count of '\(String(decoding: word, as: UTF8.self))' is above 2^63-1")
      }
    }
    guard isPart else {
      throw KindFailure(
        "merge-counts adds up maps from word to count, as count-words puts them, but got "
          + ItemView(record, type).excerpt)
    }
  }

  private func put(_ table: borrowing WordTable, _ answers: inout AnswersAtEnd) throws {
    var item: [UInt8] = []
    try table.forEachByFrequency(limit: top) { word, count in
      item.removeAll(keepingCapacity: true)
      CBOREncoder.appendHead(.map, 2, to: &item)
      CBOREncoder.append(text: "word", to: &item)
      CBOREncoder.append(text: word, to: &item)
      CBOREncoder.append(text: "count", to: &item)
      CBOREncoder.appendHead(.unsigned, count, to: &item)
      try item.withUnsafeBytes { try answers.append($0, of: .any) }
    }
  }

  private func print(_ table: borrowing WordTable, by worker: Worker) throws {
    var line: [UInt8] = []
    try table.forEachByFrequency(limit: top) { word, count in
      line.removeAll(keepingCapacity: true)
      line.append(contentsOf: String(count).utf8)
      line.append(UInt8(ascii: " "))
      line.append(contentsOf: word)
      try line.withUnsafeBytes { try worker.print($0) }
    }
  }
}
