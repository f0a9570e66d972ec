internal import Glibc
package import Logs
internal import SystemPackage

extension LogDirectory {
  /// Of a project's last run: `$XDG_STATE_HOME/mporch/NAME/logs`, or the same under `~/.local/state`.
  package init(ofProject project: String) {
    self.init(FilePath("\(Self.stateHome)/mporch/\(project)/logs"))
  }

  private static var stateHome: String {
    if let folder = getenv("XDG_STATE_HOME"), folder.pointee == UInt8(ascii: "/") { return String(cString: folder) }
    if let home = getenv("HOME"), home.pointee == UInt8(ascii: "/") { return String(cString: home) + "/.local/state" }
    return "/tmp/mporch-\(geteuid())/state"
  }
}
