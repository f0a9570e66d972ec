internal import Glibc
package import SystemPackage

package enum Folder {
  /// Names in it, `.` and `..` apart; none where it can't be read.
  package static func names(in path: String) -> [String] {
    opendir(path).map(names) ?? []
  }

  /// Names in a folder that is open, from its first one on.
  package static func names(inOpen number: Int32) throws(Errno) -> [String] {
    let opened = try syscall { openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = fdopendir(opened) else {
      let error = Errno(rawValue: errno)
      close(opened)
      throw error
    }
    return names(in: stream)
  }

  private static func names(in stream: OpaquePointer) -> [String] {
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
