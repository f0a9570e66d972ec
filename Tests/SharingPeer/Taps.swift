import Platform
import Sharing

private let itemCount = 400_000
private let reader = 0
private let writer = 1

/// A tap of a ring so small that writers are soon where it copies: every item that it shows is one, in order, and what
/// it does not show is counted.
func taps() throws {
  let peers = try Peers(workers: 2) { _ in
    [
      .queue(
        ArenaPlan.Queue(
          capacity: 1024, byteCount: 1000, format: .framed, whenFull: .block, maxDeliveries: 5, deadLetterQueue: nil,
          readers: [reader], writers: [writer]))
    ]
  }
  var tap = QueueTap(peers.arena.queue(0)!)
  defer { tap.deallocate() }
  try peers.start(reader, drain)
  try peers.start(writer, fill)
  var (shown, last) = (0, -1)
  var notShown: UInt64?
  while notShown == nil || shown + Int(notShown!) < itemCount {
    let look = tap.look(itemLimit: 256, cut: 4096)
    for item in look.items {
      let number = number(in: item.payload)
      check(number.map { $0 > last } ?? false, "no item after \(last): \(item.payload)")
      last = number ?? last
    }
    shown += look.items.count
    notShown = look.notShown
  }
  peers.join([reader, writer])
  check(shown > 1000 && shown + Int(notShown ?? 0) == itemCount, "\(shown) shown, \(notShown ?? 0) not")
  say("\(shown) shown")
}

// MARK: Items, each of another length and filled with what its number says

private func payload(of number: Int) -> [UInt8] {
  withUnsafeBytes(of: number) { Array($0) } + [UInt8](repeating: UInt8(number % 251), count: number % 97)
}

/// `nil`: it is no item.
private func number(in bytes: [UInt8]) -> Int? {
  guard bytes.count >= 8 else { return nil }
  let number = bytes.withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
  return (0..<itemCount).contains(number) && bytes == payload(of: number) ? number : nil
}

private func fill(_ peers: Peers) {
  let port = OutputPort.queue(peers.arena.queueWriter(0, worker: writer)!)
  var stepper = Stepper(arena: peers.arena, worker: writer)
  for number in 0..<itemCount {
    let payload = payload(of: number)
    var record = withUnsafeBytes(of: UInt32(payload.count)) { Array($0) } + payload
    while record.count % 4 != 0 { record.append(0) }
    record.withUnsafeBytes {
      _ = stepper.put(PendingRecords($0, count: 1, payloadByteCount: payload.count, format: .framed), into: port)
    }
  }
}

private func drain(_ peers: Peers) {
  let reader = peers.arena.queueReader(0, worker: reader)!
  var taken = 0
  while taken < itemCount {
    switch reader.take(.share, willSleep: true, isWaitUnlimited: false) {
    case .taken(let lease):
      taken += Int(lease.items)
      reader.advance(
        InputProgress(
          oldPosition: lease.from, newPosition: lease.to, items: Int(lease.items), oldEmitted: lease.emitted,
          newEmitted: 0))
    case .empty(let sleep): sleep.sleep(until: nil)
    case .ended: return
    }
  }
}
