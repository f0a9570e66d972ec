/// The known name that a mistyped one most likely meant: for "did you mean".
///
/// By optimal string alignment (insertions, deletions, substitutions, swaps of neighbours, letters' case ignored), at
/// most one edit for every three characters, begun or whole; of equally near names the first. Else it may be the only
/// one that begins so. `nil`: none is near.
package func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
  let names = Array(candidates)
  return NearNames(names).nearest(to: name).map { names[$0] }
}

/// Known names, prepared for many questions: a file with thousands of wrong ones asks thousands of times.
final class NearNames {
  private let names: [String]
  /// The scalars of all names, in small letters, one name behind another.
  private var letters: [UInt32] = []
  /// Of each name in `letters`; `nil`: too long to be mistyped by letters.
  private var ranges: [Range<Int>?] = []
  /// What is left to compare: past it nothing is near, so that no file takes longer than its length deserves.
  private var comparisonsLeft = 20_000_000

  /// An alignment is computed in the bits of one word.
  private static let longest = 64

  init(_ names: [String]) {
    self.names = names
    for name in names {
      let start = letters.count
      if name.utf8.count <= 4 * Self.longest { letters += Self.letters(of: name) }
      let range = start..<letters.count
      ranges.append(range.isEmpty || range.count > Self.longest ? nil : range)
    }
  }

  private static func letters(of name: String) -> [UInt32] { name.lowercased().unicodeScalars.map(\.value) }

  /// Its index; only those that `isCandidate` are looked at.
  func nearest(to name: String, where isCandidate: (Int) -> Bool = { _ in true }) -> Int? {
    guard name.utf8.count <= 4 * Self.longest, comparisonsLeft > 0 else { return nil }
    let wanted = Self.letters(of: name)
    guard !wanted.isEmpty, wanted.count <= Self.longest else { return nil }
    let alignment = BitAlignment(wanted)
    var best: (index: Int, distance: Int)?
    var beginningSo: [Int] = []
    for (index, range) in ranges.enumerated() {
      guard let range, isCandidate(index) else { continue }
      comparisonsLeft -= 1
      let longer = max(wanted.count, range.count)
      // A different name of one or two letters is a different name.
      let allowed = min(longer < 3 ? 0 : (longer + 2) / 3, (best?.distance ?? .max) - 1)
      if abs(wanted.count - range.count) <= allowed {
        let distance = alignment.distance(to: letters[range])
        if distance <= allowed, distance > 0 || names[index] != name { best = (index, distance) }
      }
      if best == nil, beginningSo.count < 2, range.count > wanted.count, letters[range].starts(with: wanted) {
        beginningSo.append(index)
      }
    }
    if let best { return best.index }
    return wanted.count > 2 && beginningSo.count == 1 ? beginningSo[0] : nil
  }
}

/// Hyyrö's bit-parallel optimal string alignment: a column of the table of distances is kept as the bits of its vertical
/// differences, so that a letter of the other name costs a few operations on words.
private struct BitAlignment {
  private let count: Int
  /// For each letter, at which places it stands.
  private var places = [UInt64](repeating: 0, count: 128)
  private var otherPlaces: [UInt32: UInt64] = [:]

  init(_ letters: [UInt32]) {
    count = letters.count
    for (index, letter) in letters.enumerated() {
      if letter < 128 { places[Int(letter)] |= 1 << index } else { otherPlaces[letter, default: 0] |= 1 << index }
    }
  }

  func distance(to other: ArraySlice<UInt32>) -> Int {
    let last: UInt64 = 1 << (count - 1)
    var (rises, falls, diagonal, before): (UInt64, UInt64, UInt64, UInt64) = (~0, 0, 0, 0)
    var distance = count
    for letter in other {
      let matches = letter < 128 ? places[Int(letter)] : otherPlaces[letter] ?? 0
      let swaps = ((~diagonal & matches) << 1) & before
      diagonal = (((matches & rises) &+ rises) ^ rises) | matches | falls | swaps
      var right = falls | ~(diagonal | rises)
      var left = diagonal & rises
      if right & last != 0 { distance += 1 }
      if left & last != 0 { distance -= 1 }
      right = right << 1 | 1
      left <<= 1
      rises = left | ~(diagonal | right)
      falls = right & diagonal
      before = matches
    }
    return distance
  }
}
