/// What `get` asks for: elements of a value or an array, or items of a queue.
package struct GetRequest: Codable, Sendable, Equatable {
  package var resource: String
  /// From 1; `nil`: from the first. Of an array.
  package var firstElement: Int?
  /// `nil`: to the last, or as many as are told at once.
  package var elementCount: Int?
  /// Of a queue; `nil`: without end.
  package var itemLimit: Int?
  /// The longest wait for an item; `nil`: as long as it takes.
  package var patienceSeconds: Double?

  package init(
    resource: String, firstElement: Int? = nil, elementCount: Int? = nil, itemLimit: Int? = nil,
    patienceSeconds: Double? = nil
  ) {
    self.resource = resource
    self.firstElement = firstElement
    self.elementCount = elementCount
    self.itemLimit = itemLimit
    self.patienceSeconds = patienceSeconds
  }
}

/// Elements of a value or an array, live.
package struct Elements: Codable, Sendable, Equatable {
  package var type: String
  /// Of the array; `nil`: it is a value.
  package var length: Int?
  /// The number of the first of `values`, from 1.
  package var first: Int
  package var values: [ResourceStatus.Number]
}

/// What a command says to its courier, one line of JSON each.
package enum CourierMessage: Codable, Sendable, Equatable {
  /// As JSON; a longer one is taken for rubbish.
  package static let maxByteCount = 256 << 20

  /// Items to put. → `put`
  case put([PutItem])
  /// So many more of the items that came are in safety: the queue may forget them.
  case taken(Int)
}

/// An item as a user wrote it.
package struct PutItem: Codable, Sendable, Equatable {
  /// Where it is no valid text, its bytes in base 64.
  package var text: String?
  package var bytes: String?
  /// Text, whatever it looks like; else JSON, if it is that.
  package var isRaw: Bool

  package init(text: String?, bytes: String?, isRaw: Bool) {
    self.text = text
    self.bytes = bytes
    self.isRaw = isRaw
  }
}

/// Why a courier or a tap has nothing more to tell.
package enum AccessEnd: String, Codable, Sendable, Equatable {
  /// All that was asked for.
  case done
  /// No item came in time, or, for a put, no room.
  case timedOut
  /// The queue is closed, and nothing is left.
  case closed
  /// The run is over.
  case runEnded
}
