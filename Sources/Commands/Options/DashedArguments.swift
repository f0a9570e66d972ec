import ArgumentParser

/// Positional arguments of which some begin with a dash, as negative numbers do.
enum DashedArguments {
  /// As given, without the `--` behind which everything is taken as it is. What looks like an option, and is none, is
  /// refused.
  static func words(_ given: [String]) throws(CommandFailure) -> [String] {
    let end = given.firstIndex(of: "--") ?? given.endIndex
    for word in given[..<end] where word.hasPrefix("-") && word != "-" && Double(word) == nil {
      throw CommandFailure(.usage, "there is no option '\(word)'", help: "what begins with a dash comes behind '--'")
    }
    return Array(given[..<end] + given[end...].dropFirst())
  }
}
