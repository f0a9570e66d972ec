internal import Topology

/// What a script's `with` says to mporch.
enum ScriptParameters {
  /// The most bytes that its state may take.
  static let memory = "memory"
}
