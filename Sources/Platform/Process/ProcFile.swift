internal import Glibc
internal import SystemPackage

/// Text files of /proc, /sys and the like, whose size nobody knows beforehand.
package enum ProcFile {
  /// `nil` where it can't be read.
  package static func read(_ path: String) -> String? {
    guard let number = try? syscall({ Glibc.open(path, O_RDONLY | O_CLOEXEC) }) else { return nil }
    return (try? Descriptor(owning: number).readAll()).map { String(decoding: $0, as: UTF8.self) }
  }
}
