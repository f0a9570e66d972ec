internal import Platform
internal import Sharing
internal import Topology
internal import Workers

/// Asks the server of managed objects what they hold, for `inspect`, without ever waiting for it: who asked is answered
/// when the server has, or after a moment without.
final class ManagedLook {
  struct Contents {
    var length: Int
    var excerpt: String
  }

  private struct Question {
    /// By number of the request: the object that it is about.
    var open: [Int64: Int]
    var answers: [Int: Contents] = [:]
    var deadline: UInt64
    var completion: ([Int: Contents]) -> Void
  }

  /// Nanoseconds. A server that is at a client's request answers within microseconds.
  private static let patience: UInt64 = 300_000_000
  private static let pause = Duration.milliseconds(1)
  private static let elementLimit = 100
  private static let maximumCharacterCount = 1000

  private let writer: ItemWriter
  private let replies: QueueReader
  private let clientNumber: Int
  private let loop: EventLoop
  private var questions: [Question] = []
  private var lastNumber: Int64 = 0

  /// `nil`: the run has no managed objects.
  init?(_ topology: Topology, arena: Arena, loop: EventLoop) {
    guard let service = topology.services.first(where: { $0.supervisorsReplies != nil }),
      let repliesTo = service.supervisorsReplies, let replies = arena.ownReader(ofQueue: repliesTo.index),
      let requests = arena.ownWriter(ofQueue: service.requests.index)
    else { return nil }
    writer = ItemWriter(requests, type: .any, resourceName: topology.resources[service.requests.index].name)
    self.replies = replies
    clientNumber = service.clients.count
    self.loop = loop
  }

  /// `objects`: numbers of those that the file declares, in its order, from 1. `elementCount`: so many of what each
  /// holds. Calls `completion` once, with those that there was an answer for.
  func ask(
    about objects: [Int], elementCount: Int, _ completion: @escaping ([Int: Contents]) -> Void
  ) {
    var question = Question(open: [:], deadline: MonotonicClock.now + Self.patience, completion: completion)
    for object in objects {
      lastNumber += 1
      let request: [Int64] = [Int64(clientNumber), lastNumber, Int64(object)]
      let item = Item.list(
        request.map(Item.int) + [.string("look"), .int(Int64(min(elementCount, Self.elementLimit)))])
      // No room, or nobody who serves any more: there is no answer.
      if (try? writer.encode(item)) != nil, case .done = writer.put() { question.open[lastNumber] = object }
    }
    questions.append(question)
    if questions.count == 1 { look() }
  }

  private func look() {
    takeReplies()
    let now = MonotonicClock.now
    let answered = questions.filter { $0.open.isEmpty || $0.deadline <= now }
    questions.removeAll { $0.open.isEmpty || $0.deadline <= now }
    for question in answered { question.completion(question.answers) }
    if !questions.isEmpty { _ = loop.after(Self.pause) { [unowned self] in look() } }
  }

  private func takeReplies() {
    while case .taken(let lease) = replies.take(
      .exactly(1, orFewer: true), willSleep: false, isWaitUnlimited: false)
    {
      guard let payload = replies.firstPayload(of: lease) else { break }
      if let reply = try? Item(record: payload, type: .any) { take(reply) }
      replies.advance(
        InputProgress(
          oldPosition: lease.from, newPosition: lease.to, items: 1, oldEmitted: lease.emitted, newEmitted: 0))
    }
  }

  /// `{number, true, "value", {length, sample}}`; what nobody waits for any more is dropped.
  private func take(_ reply: Item) {
    guard case .list(let parts) = reply, case .int(let number)? = parts.first,
      let index = questions.firstIndex(where: { $0.open[number] != nil }),
      let object = questions[index].open.removeValue(forKey: number)
    else { return }
    guard parts.count == 4, case .list(let answer) = parts[3], answer.count == 2, case .int(let length) = answer[0]
    else { return }
    let text = answer[1].json
    let excerpt = text.count > Self.maximumCharacterCount ? text.prefix(Self.maximumCharacterCount) + "…" : text
    questions[index].answers[object] = Contents(length: Int(length), excerpt: excerpt)
  }
}
