internal import Glibc
internal import SystemPackage

/// Text files of /proc, /sys and the like, whose size nobody knows beforehand.
package enum ProcFile {
  /// `nil` where it can't be read.
  package static func read(_ path: String) -> String? {
    guard let number = try? syscall({ Glibc.open(path, O_RDONLY | O_CLOEXEC) }) else { return nil }
    let descriptor = Descriptor(owning: number)
    var text: [UInt8] = []
    while true {
      var chunk = [UInt8](repeating: 0, count: 4096)
      let transfer = chunk.withUnsafeMutableBytes { try? descriptor.read(into: $0) }
      guard case .count(let count)? = transfer else { return nil }
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += chunk.prefix(count)
    }
  }
}
