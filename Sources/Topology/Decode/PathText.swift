/// Paths as text: what can be said of them without asking the system.
enum PathText {
  /// From `directory` unless absolute; without `.` and doubled `/`, and `..` kept (it may follow a symbolic link).
  static func absolute(_ path: String, in directory: String) -> String {
    let full = path.hasPrefix("/") ? path : directory + "/" + path
    return "/" + components(of: full).joined(separator: "/")
  }

  /// The folder that a file is in, as the path gives it: `.` where it gives none.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func lastComponent(of path: String) -> String { components(of: path).last ?? "" }

  /// Without folder and extension.
  static func stem(of path: String) -> String {
    let name = lastComponent(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  private static func components(of path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }
  }
}
