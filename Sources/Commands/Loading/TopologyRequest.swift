/// Which topology is meant, and with which settings.
struct TopologyRequest {
  /// As given; empty: `mporch.yaml` here or above.
  var files: [String]
  /// Instead of the file's own name.
  var project: String?
  var profiles: [String] = []
  var environmentFiles: [String] = []
  /// Instances of a process, instead of what the file says.
  var scale: [String: Int] = [:]
}
