import CPlatform
import Glibc

/// The variables that this process was started with.
struct ProcessEnvironment {
  var values: [String: String]

  init(_ values: [String: String]) { self.values = values }

  /// As they are now; of a name given twice the first one counts, as for `getenv`.
  static func current() -> ProcessEnvironment {
    var values: [String: String] = [:]
    var entry = mporch_environment()
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      // By bytes: a mark behind the sign is of the value.
      if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), values[String(text[..<equals])] == nil {
        values[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
      }
      entry += 1
    }
    return ProcessEnvironment(values)
  }

  subscript(name: String) -> String? { values[name] }

  /// An empty variable counts as unset, as https://no-color.org and the XDG specification have it.
  func nonEmpty(_ name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  /// `MPORCH_PROFILES`, a list with commas.
  var profiles: [String] {
    (self["MPORCH_PROFILES"] ?? "").split(separator: ",").map { $0.drop { $0 == " " } }.map { name in
      String(name.prefix { $0 != " " })
    }.filter { !$0.isEmpty }
  }
}
