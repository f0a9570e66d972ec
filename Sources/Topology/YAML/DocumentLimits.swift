/// What a topology file may cost: far above any that a person writes, far below what would hurt the machine.
package enum DocumentLimits {
  /// Of one file. A node takes about 200 bytes in memory, so the worst file of this size takes some hundred MB.
  package static let fileByteCount = 8 << 20
  /// Of all files of a topology, those of variables too.
  package static let recordByteCount = 32 << 20
  /// Nested maps and lists, aliases expanded. A topology needs about ten; recursive walks of a tree rely on it.
  package static let depth = 64
  /// Nodes that aliases and merge keys add to those that are written, which `fileByteCount` bounds already: an honest
  /// long list is no bomb.
  package static let aliasedNodeCount = 100_000
  /// Errors of one file: past them it is most likely no topology at all.
  package static let errorCount = 100
  /// `${A:-${B:-…}}`
  package static let substitutionDepth = 16
  /// Text that substitution makes, of one file.
  package static let substitutedByteCount = 8 << 20
}
