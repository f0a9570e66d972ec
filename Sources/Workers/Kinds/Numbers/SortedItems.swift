import Topology

/// Copies of the items that `sort` has taken: numbers by value, texts as places in one pool of bytes.
struct SortedItems {
  private struct Text {
    /// Of the record in the pool, and of its text within that.
    var record: Range<Int>
    var text: Range<Int>
  }

  enum Item {
    case number(Number)
    case text(UnsafeRawBufferPointer, record: UnsafeRawBufferPointer)
  }

  private var numbers: [Number] = []
  private var texts: [Text] = []
  private var pool: [UInt8] = []
  private var descending = false

  mutating func take(_ record: UnsafeRawBufferPointer, type: ItemType) throws {
    guard let text = Self.text(of: record, type: type) else {
      numbers.append(try NumberRecord.read(record, type: type, expecting: "a number or a text"))
      return
    }
    let start = pool.count
    pool.append(contentsOf: record)
    // A text is the end of its record.
    texts.append(Text(record: start..<pool.count, text: (pool.count - text)..<pool.count))
  }

  /// The length of a record's text, which is its end; `nil` where it isn't a text.
  private static func text(of record: UnsafeRawBufferPointer, type: ItemType) -> Int? {
    ItemView(record, type).text?.count
  }

  /// Stable in both directions.
  mutating func sort(descending: Bool) {
    self.descending = descending
    numbers.sort { descending ? $1.precedes($0) : $0.precedes($1) }
    pool.withUnsafeBytes { pool in
      func precedes(_ left: Text, _ right: Text) -> Bool {
        pool[left.text].lexicographicallyPrecedes(pool[right.text])
      }
      texts.sort { descending ? precedes($1, $0) : precedes($0, $1) }
    }
  }

  /// In order; what `body` gets is valid while it runs.
  func forEach(_ body: (Item) throws -> Void) throws {
    if !descending { for number in numbers { try body(.number(number)) } }
    try pool.withUnsafeBytes { (pool: UnsafeRawBufferPointer) throws -> Void in
      for text in texts {
        try body(
          .text(
            UnsafeRawBufferPointer(rebasing: pool[text.text]),
            record: UnsafeRawBufferPointer(rebasing: pool[text.record])))
      }
    }
    if descending { for number in numbers { try body(.number(number)) } }
  }
}

extension SortedItems.Item {
  func print(by worker: Worker, cameAs type: ItemType) throws {
    switch self {
    case .number(let number): try worker.print(number.text(cameAs: type))
    case .text(let bytes, _): try worker.print(bytes)
    }
  }

  func put(to output: Outlet, cameAs type: ItemType) throws {
    switch self {
    case .number(let number): try output.append(number)
    // As it came, so that bytes stay bytes and a string a string.
    case .text(_, let record): try output.append(record: record, of: type)
    }
  }
}
