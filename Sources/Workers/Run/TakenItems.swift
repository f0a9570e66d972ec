internal import Sharing

/// Items that a worker has taken together, and how many of them are finished.
final class TakenItems {
  private let port: InputPort
  private let ring: Ring
  private var whole = Ring.Run(from: 0, to: 0, items: 0, payloadByteCount: 0)
  /// Of each item: where it lies, and its payload's bytes.
  private var records: [(position: UInt64, byteCount: Int)] = []
  private var emitted: UInt64 = 0
  private(set) var finishedCount = 0

  init(_ port: InputPort) {
    self.port = port
    ring = port.ring
  }

  struct Progress {
    var input: Stepper.Input
    var items: Int
    var byteCount: Int
  }

  func begin(_ run: Ring.Run, emitted: UInt64) {
    whole = run
    records.removeAll(keepingCapacity: true)
    self.emitted = emitted
    finishedCount = 0
  }

  /// Each record's payload in order, until `body` says false. `record`: where the record at a position lies.
  func forEach(
    record: (_ position: UInt64) -> UnsafeRawPointer, _ body: (UnsafeRawBufferPointer) throws -> Bool
  ) rethrows {
    var rest = whole
    while rest.items > 0 {
      let part = ring.firstPart(of: rest)
      var place = record(part.from)
      let base = place
      for _ in 0..<part.items {
        let position = part.from + UInt64(place - base)
        let payload = payload(at: place)
        guard try body(payload) else { return }
        records.append((position, payload.count))
        place += ring.stride > 0 ? ring.stride : Ring.framedByteCount(payload: payload.count)
      }
      if part.items == rest.items { return }
      rest = ring.rest(of: rest, after: part)
    }
  }

  private func payload(at place: UnsafeRawPointer) -> UnsafeRawBufferPointer {
    if ring.stride > 0 { return UnsafeRawBufferPointer(start: place, count: ring.stride) }
    return UnsafeRawBufferPointer(
      start: place + Ring.headerByteCount, count: Int(place.load(as: UInt32.self)))
  }

  /// Where item number `index` lies; behind the last: the end.
  func position(of index: Int) -> UInt64 {
    if index < records.count { return records[index].position }
    return records.count == whole.items ? whole.to : ring.position(behind: index, of: whole)
  }

  /// The next item to be finished, which is in a queue's ring: its payload, and what finishes it alone.
  func next(record: (_ position: UInt64) -> UnsafeRawPointer) -> (payload: UnsafeRawBufferPointer, Progress) {
    let position = position(of: finishedCount)
    let progress = InputProgress(
      oldPosition: position, newPosition: self.position(of: finishedCount + 1), items: 1, oldEmitted: emitted,
      newEmitted: 0)
    let payload = payload(at: record(position))
    return (payload, Progress(input: .init(port: port, progress: progress), items: 1, byteCount: payload.count))
  }

  func didFinishNext() {
    finishedCount += 1
    emitted = 0
  }

  /// Finishes the items before number `count`.
  func progress(upTo count: Int) -> Progress {
    let items = count - finishedCount
    let progress = InputProgress(
      oldPosition: position(of: finishedCount), newPosition: position(of: count), items: items, oldEmitted: emitted,
      newEmitted: 0)
    let byteCount = records[finishedCount..<count].reduce(0) { $0 + $1.byteCount }
    finishedCount = count
    emitted = 0
    return Progress(input: Stepper.Input(port: port, progress: progress), items: items, byteCount: byteCount)
  }
}
