/// Items that a reader has taken together and works through one by one: the place of each, and how many are finished.
package struct TakenItems {
  private let ring: Ring
  private var whole = HeldItems.none.run
  private var held = HeldItems.none
  /// Of each item that was gone through: where it lies, and its payload's bytes.
  private var records: [(position: UInt64, byteCount: Int)] = []

  package init(_ port: InputPort) { ring = port.ring }

  package var finishedCount: Int { whole.items - held.run.items }

  package mutating func begin(_ held: HeldItems) {
    self.held = held
    whole = held.run
    records.removeAll(keepingCapacity: true)
  }

  /// Each payload in order, until `body` says false.
  package mutating func forEach(_ body: (UnsafeRawBufferPointer) throws -> Bool) rethrows {
    var position = whole.from
    for _ in 0..<whole.items {
      let record = ring.run(from: position, to: whole.to, limit: 1)
      guard try body(ring.payload(of: record)) else { return }
      records.append((record.from, record.payloadByteCount))
      position = record.to
    }
  }

  /// Where item number `index` lies; behind the last: the end.
  package func position(of index: Int) -> UInt64 {
    if index < records.count { return records[index].position }
    return records.count == whole.items ? whole.to : ring.position(behind: index, of: whole)
  }

  /// The payload of the next item to be finished.
  package var next: UnsafeRawBufferPointer {
    ring.payload(of: ring.run(from: position(of: finishedCount), to: whole.to, limit: 1))
  }

  /// What finishes the items before number `end`.
  package func progress(upTo end: Int) -> InputProgress {
    held.progress(end - finishedCount, upTo: position(of: end))
  }

  /// That has happened, or will before anything else of them does. Gives the bytes of their payloads.
  package mutating func advance(_ progress: InputProgress) -> Int {
    let finished = records[finishedCount..<finishedCount + Int(progress.items)]
    held.advance(progress)
    return finished.reduce(0) { $0 + $1.byteCount }
  }
}
