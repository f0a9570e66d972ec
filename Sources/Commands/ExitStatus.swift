/// What `mporch` exits with.
struct ExitStatus: Equatable {
  var code: Int32

  static let success = ExitStatus(code: 0)
  /// A process of the run failed, or the command could not do what it was asked.
  static let failure = ExitStatus(code: 1)
  static let usage = ExitStatus(code: 64)
  static let invalidTopology = ExitStatus(code: 65)
  static let noSuchFile = ExitStatus(code: 66)
  /// Memory, descriptors or processes could not be had.
  static let resourcesUnavailable = ExitStatus(code: 69)

  /// Ended by a signal, as a shell shows it: 130 for Ctrl-C, 143 for SIGTERM, 129 for a closed terminal.
  static func signal(_ number: Int32) -> ExitStatus { ExitStatus(code: 128 + number) }
}
