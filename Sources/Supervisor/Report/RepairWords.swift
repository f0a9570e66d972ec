internal import Sharing
internal import Topology

/// A repair as mporch tells it: names the dead worker and the resource, and where the file declares it.
struct RepairWords: Equatable {
  var severity: Event.Severity
  var place: Place
  var text: String

  init(_ repair: Repair, worker: String, resources: [Resource], nameOfWorker: (Int) -> String) {
    let resource = resources[repair.resource]
    place = resource.place
    let name = "\(resource.kind.noun) '\(resource.name)'"
    switch repair {
    case .lockFreed:
      severity = .warning
      text = "\(name) was held by '\(worker)' when it ended; it is free again"
    case .countsReturned(_, let count):
      severity = .warning
      let counts = count == 1 ? "1 count" : "\(count) counts"
      text = "\(counts) that '\(worker)' had taken and not given back when it ended went back to \(name)"
    case .wakeUpPassedOn(_, let heir):
      severity = .note
      text = "'\(worker)' was notified at \(name) and ended before it woke; '\(nameOfWorker(heir))' is woken instead"
    case .barrierBroken(_, let waiters):
      severity = .warning
      let waited = waiters == 1 ? "1 party" : "\(waiters) parties"
      text = "\(name) is broken: '\(worker)' has ended and will not come; \(waited) waited for it"
    case .itemsReturned(_, let count):
      severity = .note
      text = "\(Self.items(count)) that '\(worker)' had taken and not finished went back to \(name)"
    case .deadLettered(_, let target):
      severity = .warning
      text =
        "the item of \(name) that '\(worker)' was at has had all its deliveries (max_deliveries); "
        + "it is in '\(resources[target].name)' now"
    case .dropped(_, let payload, let reason):
      severity = .error
      text =
        "the item of \(name) that '\(worker)' was at has had all its deliveries (max_deliveries) and was dropped: "
        + Self.preview(payload, of: resource.storedType) + "\n  = help: " + Self.help(reason, resources)
    }
  }

  private static func items(_ count: Int) -> String { count == 1 ? "1 item" : "\(count) items" }

  private static func preview(_ payload: [UInt8], of type: ItemType) -> String {
    let text = WireItem(record: payload, type: type).json
    return text.count > 80 ? text.prefix(80) + "…" : text
  }

  private static func help(_ reason: Repair.DropReason, _ resources: [Resource]) -> String {
    switch reason {
    case .noDeadLetterQueue: "declare a dead_letter queue for such items"
    case .noRoom(let target):
      "its dead_letter queue '\(resources[target].name)' has no room for it: let something read that, or raise its "
        + "'capacity' or 'bytes'"
    // What holds items of every type can only be too small for one.
    case .unfit(let target) where resources[target].storedType == .any:
      "the item is larger than its dead_letter queue '\(resources[target].name)' takes: raise the 'bytes' of that"
    case .unfit(let target):
      "its dead_letter queue '\(resources[target].name)' holds \(resources[target].storedType.name) items: declare it "
        + "with 'type: any'"
    }
  }
}

extension Repair {
  /// Nobody will be at that item again.
  var isOfItemGivenUp: Bool {
    switch self {
    case .deadLettered, .dropped: true
    default: false
    }
  }

  var resource: Int {
    switch self {
    case .lockFreed(let resource), .countsReturned(let resource, _), .wakeUpPassedOn(let resource, _),
      .barrierBroken(let resource, _), .itemsReturned(let resource, _), .deadLettered(let resource, _),
      .dropped(let resource, _, _):
      resource
    }
  }
}
