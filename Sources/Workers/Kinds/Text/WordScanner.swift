/// Finds the words of texts, 64 bytes at a time, and hands them on some hundred at once.
///
/// Where each word begins and ends is collected without a branch for each: a processor can't foresee those.
struct WordScanner: ~Copyable {
  enum Separator {
    /// ASCII's: space, tab, line feed, vertical tab, form feed, carriage return.
    case whiteSpace
    /// All but ASCII's letters.
    case nonLetters
  }

  /// Words in the texts that they were found in, valid as long as those are.
  struct Words {
    /// Where the first begins, where it ends, where the second begins, …
    fileprivate let edges: UnsafePointer<UInt>
    let count: Int
    /// From a word on, all bytes before it may be read.
    let end: UInt

    /// The first address of a word, and how many bytes it has.
    @inline(__always)
    subscript(index: Int) -> (start: UnsafeRawPointer, byteCount: Int) {
      let start = edges[2 &* index]
      // A word's address: never zero.
      return (
        UnsafeRawPointer(bitPattern: start).unsafelyUnwrapped, Int(bitPattern: edges[2 &* index &+ 1] &- start)
      )
    }
  }

  private let separator: Separator
  private let edges: UnsafeMutablePointer<UInt>
  private var edgeCount = 0
  /// The texts since the last `finish`, and what lies between them; none is behind `.max`.
  private var piece: (start: UInt, end: UInt) = (0, .max)
  /// Words are handed on when so many edges are there; one block may bring 64 more, and is written with 64 to spare.
  private static let edgeLimit = 512
  private static let blockByteCount = 64

  init(separatedBy separator: Separator) {
    self.separator = separator
    edges = .allocate(capacity: Self.edgeLimit + 2 * Self.blockByteCount)
  }

  deinit { edges.deallocate() }

  /// Collects the words of one text; `body` gets them when there are many. What it has not got, `finish` hands on: till
  /// then the text must stay, and another one lies behind it in the same piece of memory, or before it.
  @inline(__always)
  mutating func scan(_ text: UnsafeRawBufferPointer, _ body: (Words) throws -> Void) rethrows {
    // Two calls, so that each loop is compiled for its separator.
    switch separator {
    case .whiteSpace: try scan(text, ByteMarks.whiteSpace(at:), body)
    case .nonLetters: try scan(text, ByteMarks.nonLetters(at:), body)
    }
  }

  /// Hands on what is left.
  @inline(__always)
  mutating func finish(_ body: (Words) throws -> Void) rethrows {
    if edgeCount > 0 { try handOn(body) }
    piece.end = .max
  }

  @inline(__always)
  private mutating func scan(
    _ text: UnsafeRawBufferPointer, _ separators: (UnsafeRawPointer) -> UInt64, _ body: (Words) throws -> Void
  ) rethrows {
    guard var block = text.baseAddress else { return }
    beginText(at: UInt(bitPattern: block), text.count)
    var left = text.count
    var carried: UInt64 = 1
    while left > 0 {
      let marks = marks(of: block, left, separators)
      // An edge is where one of two neighbours is a separator.
      append(marks ^ (marks &<< 1 | carried), at: UInt(bitPattern: block))
      carried = marks &>> 63
      block += Self.blockByteCount
      left &-= Self.blockByteCount
      if edgeCount >= Self.edgeLimit { try handOn(body) }
    }
    if carried == 0 {
      // The text ends with a block, in a word.
      edges[edgeCount] = UInt(bitPattern: block + left)
      edgeCount &+= 1
    }
  }

  @inline(__always)
  private mutating func append(_ marks: UInt64, at block: UInt) {
    var marks = marks
    var place = edges + edgeCount
    edgeCount &+= marks.nonzeroBitCount
    // As many as most blocks have; what is written behind the last one is overwritten by the next block.
    for index in 0..<16 {
      place[index] = block &+ UInt(marks.trailingZeroBitCount)
      marks &= marks &- 1
    }
    while marks != 0 {
      for index in 16..<24 {
        place[index] = block &+ UInt(marks.trailingZeroBitCount)
        marks &= marks &- 1
      }
      place += 8
    }
  }

  /// A word whose end is not known yet stays, at the front.
  private mutating func handOn(_ body: (Words) throws -> Void) rethrows {
    let wordCount = edgeCount / 2
    edgeCount &= 1
    try body(Words(edges: edges, count: wordCount, end: piece.end))
    if edgeCount == 1 { edges[0] = edges[2 * wordCount] }
  }

  @inline(__always)
  private mutating func beginText(at start: UInt, _ byteCount: Int) {
    if start < piece.end { piece.start = start }
    piece.end = start &+ UInt(byteCount)
  }

  /// Of the last bytes of a text, fewer than a block, those of the block that ends with them, in which other texts may
  /// be. What lies behind them counts as separators.
  @inline(__always)
  private func marks(
    of block: UnsafeRawPointer, _ byteCount: Int, _ separators: (UnsafeRawPointer) -> UInt64
  ) -> UInt64 {
    let missing = max(0, Self.blockByteCount &- byteCount)
    if UInt(bitPattern: block) &- piece.start < UInt(bitPattern: missing) {
      return Self.copying(block, byteCount, separators) | ~0 &<< UInt64(byteCount)
    }
    let marks = separators(block - missing) &>> UInt64(missing)
    return missing > 0 ? marks | ~0 &<< UInt64(byteCount) : marks
  }

  /// Where no other text is before it.
  @inline(never)
  private static func copying(
    _ text: UnsafeRawPointer, _ byteCount: Int, _ separators: (UnsafeRawPointer) -> UInt64
  ) -> UInt64 {
    withUnsafeTemporaryAllocation(byteCount: blockByteCount, alignment: 16) { block in
      block.baseAddress!.initializeMemory(as: UInt8.self, repeating: 0, count: blockByteCount)
      block.baseAddress!.copyMemory(from: text, byteCount: byteCount)
      return separators(UnsafeRawPointer(block.baseAddress!))
    }
  }
}
