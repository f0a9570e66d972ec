enum Version {
  /// By https://semver.org.
  static let number = "0.1.0"
}
