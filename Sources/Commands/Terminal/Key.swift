/// What someone pressed.
enum Key: Equatable {
  case character(Character)
  case up, down, left, right, pageUp, pageDown, home, end
  case enter, escape, tab, backspace, delete
  /// A letter with Ctrl.
  case control(Character)
}

/// Makes keys of the bytes that a terminal sends. A sequence may arrive in parts; what is no key that is known here is
/// passed over whole.
struct KeyDecoder {
  private static let escape: UInt8 = 0x1B
  /// None of a key is longer.
  private static let longestSequence = 32

  private var bytes: [UInt8] = []

  /// Whether what came last may be the Escape key, or the beginning of another one's sequence: time will tell.
  var isAmbiguous: Bool { bytes.first == Self.escape }

  mutating func feed(_ more: some Sequence<UInt8>) -> [Key] {
    bytes.append(contentsOf: more)
    var keys: [Key] = []
    while let (key, byteCount) = next() {
      bytes.removeFirst(byteCount)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// Nothing has followed.
  mutating func giveUpWaiting() -> [Key] {
    guard isAmbiguous else { return [] }
    bytes = []
    return [.escape]
  }

  /// The next key, and how many bytes it is of; `nil`: it is not complete.
  private func next() -> (Key?, Int)? {
    guard let first = bytes.first else { return nil }
    switch first {
    case Self.escape: return sequence()
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x01...0x1A: return (.control(Character(Unicode.Scalar(first + 0x60))), 1)
    case 0x20..<0x7F: return (.character(Character(Unicode.Scalar(first))), 1)
    case 0xC2...0xF4: return character(byteCount: first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4)
    default: return (nil, 1)
    }
  }

  private func character(byteCount: Int) -> (Key?, Int)? {
    guard bytes.count >= byteCount else { return nil }
    let character = String(validating: bytes.prefix(byteCount), as: UTF8.self)?.first
    return (character.map { .character($0) }, character == nil ? 1 : byteCount)
  }

  /// `ESC [ parameters final`, `ESC O final`.
  private func sequence() -> (Key?, Int)? {
    guard bytes.count > 1 else { return nil }
    guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else { return (.escape, 1) }
    guard let end = bytes[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return bytes.count > Self.longestSequence ? (nil, bytes.count) : nil
    }
    let parameter = bytes[2..<end].prefix { $0 != UInt8(ascii: ";") }
    return (Self.key(final: bytes[end], parameter: String(decoding: parameter, as: UTF8.self)), end + 1)
  }

  private static func key(final: UInt8, parameter: String) -> Key? {
    switch (Character(Unicode.Scalar(final)), parameter) {
    case ("A", _): .up
    case ("B", _): .down
    case ("C", _): .right
    case ("D", _): .left
    case ("H", _), ("~", "1"), ("~", "7"): .home
    case ("F", _), ("~", "4"), ("~", "8"): .end
    case ("~", "3"): .delete
    case ("~", "5"): .pageUp
    case ("~", "6"): .pageDown
    case ("M", ""): .enter
    default: nil
    }
  }
}
