import Supervisor

/// Values as JSON for programs, keys in alphabetical order; ends in a line break.
enum JSONOutput {
  /// Over several lines.
  static func pretty(_ value: some Encodable) -> String {
    String(decoding: WireCoding.encode(value, isPretty: true), as: UTF8.self) + "\n"
  }

  static func line(_ value: some Encodable) -> String {
    String(decoding: WireCoding.encode(value), as: UTF8.self) + "\n"
  }
}
