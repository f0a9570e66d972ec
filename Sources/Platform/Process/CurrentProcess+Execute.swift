internal import CPlatform
internal import Glibc
package import SystemPackage

extension CurrentProcess {
  /// Becomes the program that `command` names, found in PATH unless it is a path; returns only why it could not.
  package static func execute(_ command: [String]) -> Errno {
    let words = command.map { strdup($0) } + [nil]
    guard let program = words[0] else { return .invalidArgument }
    // A program of the user's begins as a shell would have it begin.
    mporch_reset_signals_of_program()
    execvp(program, words)
    return Errno(rawValue: errno)
  }
}
