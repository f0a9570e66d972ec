extension Character {
  /// Columns that it takes on a terminal: two for East Asian wide ones and emoji, none for what only combines.
  package var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII { return 1 }
    if first.isWide || first.properties.isEmojiPresentation { return 2 }
    // U+FE0F asks for the picture of a character that is a letter otherwise.
    if first.properties.isEmoji, unicodeScalars.contains("\u{FE0F}") { return 2 }
    return unicodeScalars.allSatisfy(\.isZeroWidth) ? 0 : 1
  }
}

extension String {
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// Ends in `…` where something was cut.
  package func trimmed(toDisplayWidth limit: Int) -> String {
    guard displayWidth > limit else { return self }
    var kept = ""
    var width = 0
    for character in self {
      guard width + character.displayWidth < limit else { break }
      kept.append(character)
      width += character.displayWidth
    }
    return kept + "…"
  }
}

extension Unicode.Scalar {
  fileprivate var isZeroWidth: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: true
    default: false
    }
  }

  /// East_Asian_Width W and F of UAX #11, in whole blocks.
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
