/// The known name that a mistyped one most likely meant: for "did you mean".
///
/// By optimal string alignment (insertions, deletions, substitutions, swaps of neighbours, letters' case ignored), at
/// most one edit for every three characters, begun or whole; of equally near names the first. Else it may be the only
/// one that begins so. `nil`: none is near.
package func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
  // Nobody mistypes longer ones by letters, and the table grows with the square.
  let longest = 128
  guard name.utf8.count <= longest else { return nil }
  let letters = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  for candidate in candidates where candidate.utf8.count <= longest && candidate != name {
    let other = Array(candidate.lowercased())
    let limit = (max(letters.count, other.count) + 2) / 3
    // A different name of one or two letters is a different name.
    let allowed = max(letters.count, other.count) < 3 ? 0 : limit
    guard abs(letters.count - other.count) <= allowed else { continue }
    let distance = alignmentDistance(letters, other)
    if distance <= allowed, distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  if let best { return best.name }
  let longer = candidates.filter { letters.count > 2 && $0 != name && $0.lowercased().hasPrefix(name.lowercased()) }
  return longer.count == 1 ? longer[0] : nil
}

private func alignmentDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
      var distance = min(substitution, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforePrevious[column - 1] + 1)
      }
      current.append(distance)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}
