internal import Platform
internal import Sharing
internal import Topology
internal import Workers

/// Puts a command's items into a queue, one after the other, and says how many are in it.
struct PutCourier: ~Copyable {
  private var stepper: Stepper
  private let writer: ItemWriter
  private let type: ItemType
  private let name: String
  private let channel: ClientChannel
  private let patienceSeconds: Double?

  init(
    _ writer: QueueWriter, of type: ItemType, name: String, stepper: consuming Stepper, channel: ClientChannel,
    patienceSeconds: Double?
  ) {
    self.stepper = stepper
    self.writer = ItemWriter(writer, type: type, resourceName: name)
    self.type = type
    self.name = name
    self.channel = channel
    self.patienceSeconds = patienceSeconds
  }

  private enum Outcome {
    case put
    case dropped
    case end(AccessEnd)
    case refused(Refusal)
    case commandIsGone
  }

  mutating func run() {
    channel.send(.ready)
    while case .put(let items)? = channel.next(milliseconds: -1), put(items) {}
    stepper.entry.conclude(.succeeded)
  }

  /// False: no more can be put.
  private mutating func put(_ items: [PutItem]) -> Bool {
    var (count, dropped) = (0, 0)
    for item in items {
      switch put(item) {
      case .put: count += 1
      case .dropped: dropped += 1
      case .end(let end):
        if count + dropped > 0 { channel.send(.put(count, dropped: dropped)) }
        channel.send(.finished(end))
        return false
      case .refused(let refusal):
        if count + dropped > 0 { channel.send(.put(count, dropped: dropped)) }
        channel.send(.refused(refusal))
        return false
      case .commandIsGone: return false
      }
    }
    channel.send(.put(count, dropped: dropped))
    return true
  }

  private mutating func put(_ item: PutItem) -> Outcome {
    do {
      try encode(item)
    } catch let unfit as ElementText.Unfit {
      return .refused(Refusal("'\(name)' can't take it: \(unfit.message)", help: unfit.help, exitCode: 1))
    } catch {
      return .refused(Refusal("\(error)", exitCode: 1))
    }
    return put()
  }

  private mutating func put() -> Outcome {
    let patience = Patience(seconds: patienceSeconds)
    while !channel.isGone {
      let isLate = patience.isOver
      switch stepper.put(writer.record, into: .queue(writer.writer), until: patience.nextLook) {
      case .done: return .put
      case .dropped: return .dropped
      case .closed: return .end(.closed)
      case .full: return .refused(Refusal("'\(name)' is full, and its on_full is fail", exitCode: 1))
      case nil where isLate: return .end(.timedOut)
      case nil: channel.look()
      }
    }
    return .commandIsGone
  }

  // MARK: What a user wrote

  private func encode(_ item: PutItem) throws {
    guard let text = item.text else {
      return try encode(bytes: item.bytes.map(WireCoding.bytes(base64:)) ?? [])
    }
    switch type {
    case .number(let element): try writer.encode(record: ElementText.encode(text, as: element))
    case .string, .bytes:
      guard !item.isRaw, case .string(let string)? = try Self.parsed(text) else {
        return try writer.encode(text: Array(text.utf8))
      }
      try writer.encode(text: Array(string.utf8))
    case .any: try writer.encode(item.isRaw ? .string(text) : try Self.parsed(text) ?? .string(text))
    }
  }

  /// `nil`: it is no JSON. What is JSON, and no item, is refused: as a text it would be another value.
  private static func parsed(_ text: String) throws -> Item? {
    do throws(ItemError) { return try JSONParser.parse(text) } catch {
      if error.isWellFormed { throw ElementText.Unfit(message: error.description, help: "give it as text, by --raw") }
      return nil
    }
  }

  /// Of no valid text.
  private func encode(bytes: [UInt8]) throws {
    switch type {
    case .string, .bytes: try writer.encode(text: bytes)
    case .any, .number: try writer.encode(.bytes(bytes))
    }
  }
}
